import type { AuditEntry } from '@turn-router/contract/registry';
import Table from 'cli-table3';

/** Returns a table with one row for each entry. */
export function auditTable(entries: readonly AuditEntry[]): string {
  if (entries.length === 0) return 'No entries.\n';
  const table = new Table({ head: ['when', 'action', 'subject', 'actor', 'detail'], style: { head: [], border: [] } });
  for (const { atMs, action, subject, actor, detail = {} } of entries) {
    const details = Object.entries(detail).map(([name, value]) => `${name}: ${value}`);
    table.push([new Date(atMs).toISOString(), action, subject, actor, details.join('\n')]);
  }
  return `${table.toString()}\n`;
}
