import { createHash, timingSafeEqual } from 'node:crypto';
import { apiKeyIdSchema } from '@turn-router/contract/registry';

/** Length of a key's secret, bytes: 256 bits, the same as its hash. */
export const apiKeySecretBytes = 32;

/** `tr_<id>_<base64url of 32 bytes>`. The id contains no "_"; packages/contract defines its alphabet. */
const pattern = /^tr_([^_]+)_[A-Za-z0-9_-]{43}$/;

/** Whether a token has the prefix of API keys. It may still be invalid. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('tr_');
}

/** Returns the id in a well-formed key, or undefined. */
export function apiKeyId(key: string): string | undefined {
  return apiKeyIdSchema.safeParse(pattern.exec(key)?.[1]).data;
}

/** @param secret 32 cryptographically random bytes */
export function formatApiKey(id: string, secret: Buffer): string {
  return `tr_${id}_${secret.toString('base64url')}`;
}

/**
 * Returns the stored hash of a key: SHA-256 of the whole key with its id. A hash that is copied under another id is therefore useless.
 *
 * A slow hash is not needed: it protects passwords from guessing, and nobody can guess 256 random bits. It would only let attackers keep the
 * router busy with invalid keys.
 */
export function hashApiKey(key: string): Buffer {
  return hashToken(key);
}

/** Returns the SHA-256 of a token. Comparing hashes takes the same time for all tokens, whatever their length. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether a hash is among the known ones. Takes the same time whatever its position. */
export function isAmongHashes(hash: Buffer, known: readonly Buffer[]): boolean {
  let isKnown = false;
  for (const other of known) {
    if (timingSafeEqual(hash, other)) isKnown = true;
  }
  return isKnown;
}
