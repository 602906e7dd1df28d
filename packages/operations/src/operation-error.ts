import type { FieldFault } from '@turn-router/contract/http';

/** The meaning of each code. No other codes exist, so an app can map each code to a text for its users. */
const meanings = {
  invalid: 'The request is invalid; the property faults lists each wrong field',
  exists: 'A key with this id already exists',
  not_found: 'No key has this id',
  not_a_key: 'The stored entry with this id is not a valid key; the only possible operation is to revoke it',
  two_secrets: 'The key already has two secrets, which is the maximum',
  one_secret: 'The key has only one secret, so no older secret exists',
  not_revoked: 'No revocation exists for this subject',
  keys_lost: 'The store has lost all keys; a new key would replace the keys that routers still accept',
  revocations_lost: 'The store has lost all revocations; a new one would replace those that routers still enforce',
  conflict: 'Another change to the same entry came first; check the current state and try again',
} as const;

export type OperationErrorCode = keyof typeof meanings;

/**
 * A refused request. Nothing has changed; `revokeSubject` documents one exception. The message contains no names, so it can be
 * logged.
 */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: OperationErrorCode;
  /** For the code `invalid`: every wrong field, with its name in the request. Empty for other codes. */
  readonly faults: readonly FieldFault[];

  constructor(code: OperationErrorCode, faults: readonly FieldFault[] = []) {
    super(meanings[code]);
    this.code = code;
    this.faults = faults;
  }
}
