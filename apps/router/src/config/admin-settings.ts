import type { FieldFault } from '@turn-router/contract/http';
import type { Settings, SettingValues } from '@turn-router/settings';
import { findSecretFaults } from '@turn-router/turn-credentials';
import { z } from 'zod';

const adminToken = {
  expected: 'at least 32 characters of printable ASCII without spaces',
  schema: z.string().regex(/^[\x21-\x7e]{32,}$/),
  secret: true,
} as const;

/** Settings of the admin API. */
export const adminSettings = {
  ADMIN_TOKEN: {
    meaning:
      'Bearer token of the admin API with the operator role (read and write). If ADMIN_VIEWER_TOKEN is unset too, there is no admin API. Metrics never need a token',
    ...adminToken,
  },
  ADMIN_VIEWER_TOKEN: { meaning: 'Bearer token of the admin API with the viewer role (read only)', ...adminToken },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof adminSettings>>;

/**
 * Finds weak tokens, and tokens that equal another secret.
 *
 * @param others all other secrets, by setting. A leaked secret must not reveal another secret
 */
export function findAdminFaults(
  values: Values,
  others: readonly (readonly [name: string, secret: string])[],
): FieldFault[] {
  const names = ['ADMIN_TOKEN', 'ADMIN_VIEWER_TOKEN'] as const;
  return names.flatMap((field, index) => {
    const token = values[field];
    if (token === undefined) return [];
    const earlier = names.slice(0, index).map((name) => [name, values[name]] as const);
    const same = [...earlier, ...others].find(([, secret]) => secret === token)?.[0];
    const details = [
      ...findSecretFaults(token),
      ...(same === undefined ? [] : [`Equals ${same}: expected a different token`]),
    ];
    return details.map((detail) => ({ field, detail }));
  });
}
