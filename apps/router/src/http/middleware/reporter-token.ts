import { hashToken, isAmongHashes, looksLikeApiKey, nodeToken } from '@turn-router/turn-credentials';
import type { RequestHandler } from 'express';
import { readBearerToken } from '../../callers/auth/bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';

/** Requires a reporter token: the REPORTER_TOKEN, or the token derived from it for the node in the path (`…/:region/:id`). */
export function requireReporterToken(token: string): RequestHandler {
  const ofAllNodes = hashToken(token);
  return (req, _res, next) => {
    const { region, id } = req.params;
    const shown = readBearerToken(req.headers.authorization);
    const known = [ofAllNodes, hashToken(nodeToken(token, `${String(region)}/${String(id)}`))];
    if (shown.kind !== 'token' || !isAmongHashes(hashToken(shown.token), known)) {
      const isApiKey = shown.kind === 'token' && looksLikeApiKey(shown.token);
      const problem = isApiKey ? 'An API key does not belong here: ' : '';
      throw new ProblemError(
        'unauthorized',
        `Authorization: ${problem}expected "Bearer <the router’s REPORTER_TOKEN, or the token of this node>"`,
        { challenge: 'Bearer' },
      );
    }
    next();
  };
}
