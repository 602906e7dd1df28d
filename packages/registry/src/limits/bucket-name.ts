import { createHash } from 'node:crypto';

const nameBytes = 16;

/**
 * The name of a bucket in the ledger: of one length, whatever a caller calls itself, and without its address or name, so that neither
 * stands in Redis' keys, slow log or monitor.
 */
export function bucketName(id: string): string {
  return createHash('sha256').update(id).digest().toString('hex', 0, nameBytes);
}
