import { createHash, timingSafeEqual } from 'node:crypto';
import { apiKeyIdSchema } from '@turn-router/contract/registry';

/** Length of a key's secret, bytes: 256 bits, as long as its hash. */
export const apiKeySecretBytes = 32;

/** `tr_<id>_<base64url of 32 bytes>`. The id contains no "_". packages/contract defines the allowed characters of an id. */
const pattern = /^tr_([^_]+)_[A-Za-z0-9_-]{43}$/;

/** Whether a token has the prefix of API keys. The token may still be invalid. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('tr_');
}

/** Whether a text contains a whole API key. */
export function containsApiKey(text: string): boolean {
  return /tr_[a-z0-9-]+_[A-Za-z0-9_-]{43}/.test(text);
}

/** Returns the id in a well-formed key. Returns undefined for other texts. */
export function apiKeyId(key: string): string | undefined {
  return apiKeyIdSchema.safeParse(pattern.exec(key)?.[1]).data;
}

/** @param secret 32 cryptographically random bytes */
export function formatApiKey(id: string, secret: Buffer): string {
  return `tr_${id}_${secret.toString('base64url')}`;
}

/**
 * Returns the stored hash of a key: SHA-256 of the whole key, including its id. So a hash is useless if somebody copies it to another id.
 *
 * A slow hash protects passwords against guessing. It is not needed here, because nobody can guess 256 random bits. With a slow hash, attackers
 * could keep the router busy by sending invalid keys.
 */
export function hashApiKey(key: string): Buffer {
  return hashToken(key);
}

/** Returns the SHA-256 of a token. Comparing hashes takes the same time for all tokens, independent of their length. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether a hash is in the list of known hashes. Takes the same time for every position in the list. */
export function isAmongHashes(hash: Buffer, known: readonly Buffer[]): boolean {
  let isKnown = false;
  for (const other of known) {
    if (timingSafeEqual(hash, other)) isKnown = true;
  }
  return isKnown;
}
