import type { ApiKeyRecord } from '@turn-router/contract/registry';
import Table from 'cli-table3';

/** Returns a table with one row for each key. */
export function keysTable(keys: ReadonlyMap<string, ApiKeyRecord>): string {
  if (keys.size === 0) return 'No keys.\n';
  const table = new Table({
    head: ['id', 'label', 'secrets', 'origins', 'regions', 'TTL, s', 'per minute: key/user/address'],
    style: { head: [], border: [] },
  });
  for (const [id, record] of keys) {
    table.push([
      id,
      record.label ?? '',
      record.secrets.map(({ created_at }) => created_at?.slice(0, 10) ?? '?').join('\n'),
      record.origins?.join('\n') ?? 'all',
      record.regions?.join('\n') ?? 'all',
      `${record.min_ttl_seconds ?? ''}–${record.max_ttl_seconds ?? ''}`,
      [record.per_key_per_minute, record.per_user_per_minute, record.per_address_per_minute]
        .map((limit) => (limit === undefined ? '·' : `${limit}`))
        .join('/'),
    ]);
  }
  return `${table.toString()}\n`;
}
