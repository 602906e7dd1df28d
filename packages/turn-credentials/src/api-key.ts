import { createHash, timingSafeEqual } from 'node:crypto';
import { apiKeyIdSchema } from '@turn-router/contract/registry';

/** Bytes of a key's secret: 256 bits, as many as its hash has. */
export const apiKeySecretBytes = 32;

/** `tr_<id>_<base64url of 32 bytes>`; the id holds no "_", and its alphabet stands in the contract. */
const pattern = /^tr_([^_]+)_[A-Za-z0-9_-]{43}$/;

/** Whether a token means to be an API key, rightly or not. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('tr_');
}

/** The id that a key of the right form names; undefined for anything else. */
export function apiKeyId(key: string): string | undefined {
  return apiKeyIdSchema.safeParse(pattern.exec(key)?.[1]).data;
}

/** @param secret 32 bytes that nobody can guess */
export function formatApiKey(id: string, secret: Buffer): string {
  return `tr_${id}_${secret.toString('base64url')}`;
}

/**
 * What is stored of a key: SHA-256 of the whole key, so that a hash that is copied under another id is of no use there.
 *
 * No slow hash: those protect what people choose from being guessed, and nobody guesses 256 random bits. They would only let anybody who
 * sends rubbish keep the router busy.
 */
export function hashApiKey(key: string): Buffer {
  return hashToken(key);
}

/** SHA-256 of a token. Comparing two hashes takes the same time whatever the tokens are, and however long. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether the hash is among these, in the same time wherever it stands. */
export function isAmongHashes(hash: Buffer, known: readonly Buffer[]): boolean {
  let isKnown = false;
  for (const other of known) {
    if (timingSafeEqual(hash, other)) isKnown = true;
  }
  return isKnown;
}
