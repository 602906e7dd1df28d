/** Roles of the admin API: a viewer may read, an operator may read and write. */
export const adminRoles = ['viewer', 'operator'] as const;

export type AdminRole = (typeof adminRoles)[number];

/** Whether a role includes the permissions of the needed role. */
export function mayActAs(role: AdminRole, needed: AdminRole): boolean {
  return adminRoles.indexOf(role) >= adminRoles.indexOf(needed);
}

/** The token of each role; undefined: the role is unused. At least one token is set. */
export type AdminTokens = Readonly<Record<AdminRole, string | undefined>>;
