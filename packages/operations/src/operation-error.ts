import type { FieldFault } from '@turn-router/contract/http';

/** What each code means. The set is closed, so that an app can have a table of what it tells its users. */
const meanings = {
  invalid: 'What is wished cannot be stored; the faults say why',
  exists: 'There is a key of this id',
  not_found: 'No key has this id',
  not_a_key: 'What is stored under this id is no key; it can only be revoked',
  two_secrets: 'The key has two secrets, and no more count at once',
  one_secret: 'The key has only one secret, hence no older one',
  not_revoked: 'Nobody of this name is revoked',
  conflict: 'Others keep changing the same entry',
} as const;

export type OperationErrorCode = keyof typeof meanings;

/** Why a use case was refused: then it has changed nothing, but for what `revokeSubject` says. Its message names nobody, so that it can be logged. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: OperationErrorCode;
  /** Of `invalid`: each field that is wrong, named as in the wish. */
  readonly faults: readonly FieldFault[];

  constructor(code: OperationErrorCode, faults: readonly FieldFault[] = []) {
    super(meanings[code]);
    this.code = code;
    this.faults = faults;
  }
}
