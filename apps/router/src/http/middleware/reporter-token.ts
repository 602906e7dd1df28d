import { nodeToken } from '@turn-router/turn-credentials';
import type { RequestHandler } from 'express';
import { ProblemError } from '../../problem-error.ts';
import { hashToken, isSameToken, shownToken } from './shown-token.ts';

/** Lets through who shows the router's token, or the one that is derived from it for the node of the path. */
export function requireReporterToken(token: string): RequestHandler<{ region: string; id: string }> {
  const ofAllNodes = hashToken(token);
  return (req, _res, next) => {
    const { region, id } = req.params;
    const shown = hashToken(shownToken(req) ?? '');
    const ofThisNode = hashToken(nodeToken(token, `${region}/${id}`));
    if (!isSameToken(shown, ofAllNodes) && !isSameToken(shown, ofThisNode)) {
      throw new ProblemError(
        'unauthorized',
        'Authorization: expected "Bearer <the router’s REPORTER_TOKEN, or this node’s own>"',
        { challenge: 'Bearer' },
      );
    }
    next();
  };
}
