import type { ErrorCode } from './message/error-code.ts';
import { METHOD } from './message/message-type.ts';
import { StunError } from './stun-error.ts';

/** The error for a STUN error response to a request of this method. */
export function refusal(method: number, { code, reason }: ErrorCode): StunError {
  const name = Object.entries(METHOD).find(([, number]) => number === method)?.[0] ?? `method ${method}`;
  const message = `the server refused ${name}: ${`${code} ${reason}`.trimEnd()}`;
  return new StunError('refused', message, { stunErrorCode: code, reason });
}
