import { StunError } from '../stun-error.ts';

/** The error for a fault of the network or the name lookup; named by its system code, such as ECONNREFUSED. */
export function unreachable(cause: unknown): StunError {
  return new StunError('unreachable', `the server cannot be reached: ${faultName(cause)}`, { cause });
}

/** The code of a Node error, such as ECONNREFUSED; what has none shows as text. */
export function faultName(cause: unknown): string {
  const hasCode = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string';
  return hasCode ? String(cause.code) : String(cause);
}
