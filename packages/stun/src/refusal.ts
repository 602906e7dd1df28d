import type { ErrorCode } from './message/error-code.ts';
import { methods } from './message/message-type.ts';
import { StunError } from './stun-error.ts';
import type { StunFault } from './stun-fault.ts';

/** The faults for the error codes of RFC 8489 §14.8 and RFC 8656 §19. Any other code is `refused`. */
const faultOfCode: Readonly<Record<number, StunFault>> = {
  401: 'credentials_refused',
  437: 'allocation_mismatch',
  438: 'stale_nonce',
  440: 'family_unsupported',
  441: 'wrong_credentials',
  486: 'quota_reached',
  508: 'no_capacity',
};

/** The reason phrases of RFC 8489 §14.8 and RFC 8656 §19. They are used if a server sends no reason phrase, such as coturn 4.18. */
const reasonOfCode: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  500: 'Server Error',
  508: 'Insufficient Capacity',
};

/** The meaning of 403 depends on the requested method. */
const faultOfForbidden: Readonly<Record<number, StunFault>> = {
  [methods.allocate]: 'draining',
  [methods.createPermission]: 'peer_forbidden',
};

/** Creates the error for a STUN error response to a request of this method. */
export function refusal(method: number, { code, reason }: ErrorCode): StunError {
  const name = Object.entries(methods).find(([, number]) => number === method)?.[0] ?? `method ${method}`;
  const phrase = reason === '' ? (reasonOfCode[code] ?? '') : reason;
  const message = `the server refused ${name}: ${`${code} ${phrase}`.trimEnd()}`;
  const fault = (code === 403 ? faultOfForbidden[method] : faultOfCode[code]) ?? 'refused';
  return new StunError('refused', message, { fault, stunErrorCode: code, reason });
}
