import { hashToken, isAmongHashes } from '@turn-router/turn-credentials';
import type { RequestHandler, Response } from 'express';
import type { AdminMetrics } from '../../observe/admin-metrics.ts';
import { readBearerToken } from '../../callers/auth/bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';
import { localsOf } from '../locals.ts';
import { adminRoles, mayActAs, type AdminRole, type AdminTokens } from '../../callers/auth/admin-role.ts';

const realm = 'Bearer realm="turn-router admin"';

/** Creates middleware that requires the token of a role, or of a role with more rights (RFC 6750 §3). */
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
    // Compares with every hash, so that timing does not reveal which one matches.
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
      throw new ProblemError('invalid_token', 'Authorization: The token is unknown to this router', {
        challenge: `${realm}, error="invalid_token"`,
      });
    }
    localsOf(res).adminRole = role;
    localsOf(res).logged = { ...localsOf(res).logged, role };
    if (!mayActAs(role, needed)) {
      countAdminRefusal('role');
      throw new ProblemError(
        'role_forbidden',
        `Authorization: This action requires the role ${needed}; the token has the role ${role}`,
        {
          challenge: `${realm}, error="insufficient_scope", scope="${needed}"`,
        },
      );
    }
    next();
  };
}

/** The name of the requester in the audit log. */
export function adminActorOf(res: Response): string {
  return `admin:${adminRoleOf(res)}`;
}

/** Returns the role of the requester. Only for routes behind the role check. */
export function adminRoleOf(res: Response): AdminRole {
  const { adminRole } = localsOf(res);
  if (adminRole === undefined) throw new Error('adminRoleOf needs a route behind the role check');
  return adminRole;
}
