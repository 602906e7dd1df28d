import { StunError } from '../stun-error.ts';

/** The error for bytes that are no valid STUN message; `fault` never quotes them. */
export function malformed(fault: string): StunError {
  return new StunError('malformed', `not a valid STUN message: ${fault}`);
}
