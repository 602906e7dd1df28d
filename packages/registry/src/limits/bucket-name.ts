import { hash } from 'node:crypto';

/** 128 bits: no two callers meet under one name. */
const nameDigits = 32;

/**
 * The name of a bucket in the ledger: of one length, whatever a caller calls itself, and without its address or name, so that neither
 * stands in Redis' keys, slow log or monitor.
 */
export function bucketName(id: string): string {
  return hash('sha256', id, 'hex').slice(0, nameDigits);
}
