import { createHash } from 'node:crypto';

/** Length of the salt, bytes: the same as in coturn's `turnadmin -P`. */
export const saltBytes = 8;

/** Hashes a password for coturn's `cli-password`: `$5$<salt>$<SHA-256 of salt and password>`, in hex. */
export function coturnCliPassword(password: string, salt: Buffer): string {
  return `$5$${salt.toString('hex')}$${createHash('sha256').update(salt).update(password).digest('hex')}`;
}
