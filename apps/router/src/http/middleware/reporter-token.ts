import { createHash, timingSafeEqual } from 'node:crypto';
import { nodeToken } from '@turn-router/turn-credentials';
import type { RequestHandler } from 'express';
import { ProblemError } from '../../problem-error.ts';

/**
 * Lets through who shows the router's token, or the one that is derived from it for the node of the path (RFC 6750 §2.1). Compared by hash,
 * in constant time whatever the lengths.
 */
export function requireReporterToken(token: string): RequestHandler<{ region: string; id: string }> {
  const ofAllNodes = hash(token);
  return (req, _res, next) => {
    const { region, id } = req.params;
    const shown = hash(/^Bearer (\S+)$/i.exec(req.get('authorization') ?? '')?.[1] ?? '');
    const ofThisNode = hash(nodeToken(token, `${region}/${id}`));
    if (!timingSafeEqual(shown, ofAllNodes) && !timingSafeEqual(shown, ofThisNode)) {
      throw new ProblemError(
        'unauthorized',
        'Authorization: expected "Bearer <the router’s REPORTER_TOKEN, or this node’s own>"',
        { challenge: 'Bearer' },
      );
    }
    next();
  };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
