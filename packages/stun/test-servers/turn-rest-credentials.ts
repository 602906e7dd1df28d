import { createHmac } from 'node:crypto';
import type { LongTermCredentials } from '../src/index.ts';

/** The shared secret of the servers that the tests start. */
export const testSecret = 'north';

/** TURN REST: the username carries the expiry, the credential is its HMAC. */
export function credentialsFor({ id = 'probe', secret = testSecret, expiresInSeconds = 60 } = {}): LongTermCredentials {
  const username = `${Math.floor(Date.now() / 1_000) + expiresInSeconds}:${id}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
