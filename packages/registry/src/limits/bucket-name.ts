import { hash } from 'node:crypto';

/** 128 bits make a collision of two callers practically impossible. */
const nameDigits = 32;

/**
 * Returns the name of a caller's bucket in the ledger, always of the same length. It is a hash, so that Redis' keys, slow log and monitor
 * show neither the caller's address nor its name.
 */
export function bucketName(id: string): string {
  return hash('sha256', id, 'hex').slice(0, nameDigits);
}
