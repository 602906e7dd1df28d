import { hashToken, isAmongHashes, looksLikeApiKey, nodeToken } from '@turn-router/turn-credentials';
import type { Request, RequestHandler } from 'express';
import { readBearerToken } from '../../callers/auth/bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';

/** Requires a reporter token: the REPORTER_TOKEN, or the token derived from it for the node that sends the request. */
export function requireReporterToken(token: string): RequestHandler {
  const ofAllNodes = hashToken(token);
  return (req, _res, next) => {
    const shown = readBearerToken(req.headers.authorization);
    const known = [ofAllNodes, hashToken(nodeToken(token, senderOf(req)))];
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

/** Returns the name of the node that sends the request: the node of the path (`…/:region/:id`), else of the query (`?prober=<region>/<id>`). */
function senderOf({ params: { region, id }, query: { prober } }: Request): string {
  if (region !== undefined) return `${String(region)}/${String(id)}`;
  return typeof prober === 'string' ? prober : '';
}
