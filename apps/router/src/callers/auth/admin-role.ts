/** What a token of the admin API may do: a viewer reads, an operator changes things as well. */
export const adminRoles = ['viewer', 'operator'] as const;

export type AdminRole = (typeof adminRoles)[number];

/** Whether who has one role may do what needs another. */
export function mayActAs(role: AdminRole, needed: AdminRole): boolean {
  return adminRoles.indexOf(role) >= adminRoles.indexOf(needed);
}

/** The token of each role; undefined: nobody has that role. At least one is set. */
export type AdminTokens = Readonly<Record<AdminRole, string | undefined>>;
