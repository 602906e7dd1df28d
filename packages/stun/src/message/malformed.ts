import { StunError } from '../stun-error.ts';

/** Creates the error for bytes that are not a valid STUN message; `fault` must not quote them. */
export function malformed(fault: string): StunError {
  return new StunError('malformed', `not a valid STUN message: ${fault}`);
}
