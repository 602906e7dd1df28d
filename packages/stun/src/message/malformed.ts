import { StunError } from '../stun-error.ts';

/** Creates the error for bytes that are not a valid STUN message. The text `fault` must not contain these bytes. */
export function malformed(fault: string): StunError {
  return new StunError('malformed', `not a valid STUN message: ${fault}`);
}
