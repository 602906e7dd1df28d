import { hashToken, isAmongHashes } from '@turn-router/turn-credentials';
import type { RequestHandler, Response } from 'express';
import type { AdminMetrics } from '../../observe/admin-metrics.ts';
import { readBearerToken } from '../../callers/auth/bearer-token.ts';
import { ProblemError } from '../../problem-error.ts';
import { localsOf } from '../locals.ts';
import { adminRoles, mayActAs, type AdminRole, type AdminTokens } from '../../callers/auth/admin-role.ts';

const realm = 'Bearer realm="turn-router admin"';

/** Makes the middleware that lets through who shows the token of a role, or of one that may do more (RFC 6750 §3). */
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
    // All of them, so that time does not tell which one it is.
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
      throw new ProblemError('invalid_token', 'Authorization: The token is not one of this router’s', {
        challenge: `${realm}, error="invalid_token"`,
      });
    }
    localsOf(res).adminRole = role;
    localsOf(res).logged = { ...localsOf(res).logged, role };
    if (!mayActAs(role, needed)) {
      countAdminRefusal('role');
      throw new ProblemError('role_forbidden', `Authorization: This needs the role ${needed}: the token has ${role}`, {
        challenge: `${realm}, error="insufficient_scope", scope="${needed}"`,
      });
    }
    next();
  };
}

/** As whom the audit log names who asks. */
export function adminActorOf(res: Response): string {
  return `admin:${adminRoleOf(res)}`;
}

/** Behind the check there is one. */
export function adminRoleOf(res: Response): AdminRole {
  const { adminRole } = localsOf(res);
  if (adminRole === undefined) throw new Error('A route that needs a role stands behind the check of roles');
  return adminRole;
}
