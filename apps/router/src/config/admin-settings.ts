import type { FieldFault } from '@turn-router/contract/http';
import type { Settings, SettingValues } from '@turn-router/settings';
import { findSecretFaults } from '@turn-router/turn-credentials';
import { z } from 'zod';

const adminToken = {
  expected: 'at least 32 characters of printable ASCII without spaces',
  schema: z.string().regex(/^[\x21-\x7e]{32,}$/),
  secret: true,
} as const;

/** Who may use the admin API. */
export const adminSettings = {
  ADMIN_TOKEN: {
    meaning:
      'What operators show to the admin listener’s API, who may read and change. Unset, and ADMIN_VIEWER_TOKEN too: there is no such API; metrics are open either way',
    ...adminToken,
  },
  ADMIN_VIEWER_TOKEN: { meaning: 'The same of viewers, who may read', ...adminToken },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof adminSettings>>;

/**
 * What is wrong with the tokens beside their form.
 *
 * @param others what else nobody may see, by the setting that it is in: who knows one secret must not know another by it
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
      ...(same === undefined ? [] : [`The same as in ${same}: expected a token of its own`]),
    ];
    return details.map((detail) => ({ field, detail }));
  });
}
