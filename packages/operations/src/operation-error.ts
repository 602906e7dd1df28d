import type { FieldFault } from '@turn-router/contract/http';

/** The meaning of each code. The set is closed, so an app can map each code to a text for its users. */
const meanings = {
  invalid: 'The request is invalid; its faults name each wrong field',
  exists: 'A key with this id already exists',
  not_found: 'No key has this id',
  not_a_key: 'The stored entry under this id is not a valid key; it can only be revoked',
  two_secrets: 'The key already has two secrets, the most that it can have',
  one_secret: 'The key has only one secret, so there is no older one',
  not_revoked: 'No revocation exists for this subject',
  conflict: 'Other changes to the same entry keep coming first; try again',
} as const;

export type OperationErrorCode = keyof typeof meanings;

/**
 * A refused request. Nothing has changed, except where `revokeSubject` documents it. The message contains no names, so it can be
 * logged.
 */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: OperationErrorCode;
  /** For `invalid`: every wrong field, named as in the request. Otherwise empty. */
  readonly faults: readonly FieldFault[];

  constructor(code: OperationErrorCode, faults: readonly FieldFault[] = []) {
    super(meanings[code]);
    this.code = code;
    this.faults = faults;
  }
}
