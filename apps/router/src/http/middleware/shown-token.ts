import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/** A token by its SHA-256, so that comparing two takes the same time whatever they are and however long. */
export type TokenHash = { readonly sha256: Buffer };

export function hashToken(token: string): TokenHash {
  return { sha256: createHash('sha256').update(token).digest() };
}

export function isSameToken(one: TokenHash, other: TokenHash): boolean {
  return timingSafeEqual(one.sha256, other.sha256);
}

/** What a request shows as `Authorization: Bearer <token>` (RFC 6750 §2.1); undefined when it shows none. */
export function shownToken(req: Pick<Request, 'get'>): string | undefined {
  return /^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1];
}
