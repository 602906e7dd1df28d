import { hashToken, isAmongHashes, looksLikeApiKey } from '@turn-router/turn-credentials';
import type { RequestHandler, Response } from 'express';
import type { AdminMetrics } from '../../observe/admin-metrics.ts';
import { readBearerToken } from '../../callers/auth/bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';
import { localsOf } from '../locals.ts';
import { adminRoles, mayActAs, type AdminRole, type AdminTokens } from '../../callers/auth/admin-role.ts';

const realm = 'Bearer realm="turn-router admin"';

/** Creates middleware that requires the token of a role (RFC 6750 §3). The token of a role with more rights is also accepted. */
export function createRoleCheck(
  tokens: AdminTokens,
  { countAdminRefusal }: Pick<AdminMetrics, 'countAdminRefusal'>,
): (needed: AdminRole) => RequestHandler {
  const known = adminRoles.flatMap((role) => {
    const token = tokens[role];
    return token === undefined ? [] : [{ role, hash: hashToken(token) }];
  });

  function roleOf(token: string): AdminRole | undefined {
    const shown = hashToken(token);
    // Compares the token with every hash, so that the response time does not reveal which one matches.
    return known.filter(({ hash }) => isAmongHashes(shown, [hash]))[0]?.role;
  }

  return (needed) => (req, res, next) => {
    const shown = readBearerToken(req.headers.authorization);
    if (shown.kind !== 'token') {
      countAdminRefusal('missing');
      throw new ProblemError('unauthenticated', 'Authorization: Missing: expected "Bearer <token>"', {
        challenge: realm,
      });
    }
    const role = roleOf(shown.token);
    if (role === undefined) {
      countAdminRefusal('wrong');
      const detail = looksLikeApiKey(shown.token)
        ? 'Authorization: An API key does not belong here: the admin API expects an admin token'
        : 'Authorization: The token is unknown to this router';
      throw new ProblemError('invalid_token', detail, {
        challenge: `${realm}, error="invalid_token"`,
      });
    }
    localsOf(res).adminRole = role;
    localsOf(res).logged = { ...localsOf(res).logged, role };
    if (!mayActAs(role, needed)) {
      countAdminRefusal('role');
      throw new ProblemError(
        'role_forbidden',
        `Authorization: This action requires the role ${needed}, but the token has the role ${role}`,
        {
          challenge: `${realm}, error="insufficient_scope", scope="${needed}"`,
        },
      );
    }
    next();
  };
}

/** Returns the name of the requester for the audit log. */
export function adminActorOf(res: Response): string {
  return `admin:${adminRoleOf(res)}`;
}

/** Returns the role of the requester. Use it only in routes that the role check protects. */
export function adminRoleOf(res: Response): AdminRole {
  const { adminRole } = localsOf(res);
  if (adminRole === undefined) throw new Error('adminRoleOf was called in a route without the role check');
  return adminRole;
}
