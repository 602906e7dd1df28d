import type { ApiKeyRecord } from '@turn-router/contract/registry';
import Table from 'cli-table3';

/** Returns a table with one row for each key. @param nowMs Unix time, ms */
export function keysTable(keys: ReadonlyMap<string, ApiKeyRecord>, nowMs: number): string {
  if (keys.size === 0) return 'No keys.\n';
  const table = new Table({
    head: [
      'id',
      'label',
      'secrets',
      'expires',
      'origins',
      'callers',
      'regions',
      'TTL, s',
      'per minute: key/user/address',
    ],
    style: { head: [], border: [] },
  });
  for (const [id, record] of keys) {
    table.push([
      id,
      record.label ?? '',
      record.secrets.map(({ created_at }) => created_at?.slice(0, 10) ?? '?').join('\n'),
      expiryText(record, nowMs),
      record.origins?.join('\n') ?? 'all',
      record.anonymous_callers === true ? 'anonymous' : 'trusted',
      record.regions?.join('\n') ?? 'all',
      `${record.min_ttl_seconds ?? ''}–${record.max_ttl_seconds ?? ''}`,
      [record.per_key_per_minute, record.per_user_per_minute, record.per_address_per_minute]
        .map((limit) => (limit === undefined ? '·' : `${limit}`))
        .join('/'),
    ]);
  }
  return `${table.toString()}\n`;
}

function expiryText({ expires_at: expiresAt }: ApiKeyRecord, nowMs: number): string {
  if (expiresAt === undefined) return 'never';
  return Date.parse(expiresAt) > nowMs ? expiresAt.slice(0, 10) : `${expiresAt.slice(0, 10)}, expired`;
}
