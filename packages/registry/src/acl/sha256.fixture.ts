import { createHash } from 'node:crypto';

/** Returns the hash in the format of Redis' password rules, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
