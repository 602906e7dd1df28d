import { createHash } from 'node:crypto';

/** As long as those of coturn's own `turnadmin -P`, bytes. */
export const saltBytes = 8;

/** A password as coturn's `cli-password` takes it in place of the password itself: `$5$<salt>$<SHA-256 of salt and password>`, in hex. */
export function coturnCliPassword(password: string, salt: Buffer): string {
  return `$5$${salt.toString('hex')}$${createHash('sha256').update(salt).update(password).digest('hex')}`;
}
