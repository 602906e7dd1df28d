import { parseAuditEntry, type AuditEntry } from '@turn-router/contract/registry';
import { createAuditIds } from './audit-ids.ts';
import type { AuditLog } from './audit-log.ts';
import { createAuditStates } from './audit-states.ts';
import { auditEventText } from './audit-event-text.ts';
import { createNewestEntries } from './newest-entries.ts';

/**
 * Creates the audit log of a router without Redis and state directory. It keeps the newest entries since the start.
 *
 * @param nowMs Unix time
 * @param capacity the number of entries kept; 1000 entries take at most 4 MiB (4 KiB each), usually a twentieth of that
 */
export function createMemoryAuditLog(nowMs: () => number, capacity = 1_000): AuditLog {
  const ids = createAuditIds(nowMs);
  const states = createAuditStates(nowMs);
  const entries: AuditEntry[] = [];
  return {
    append(event, state) {
      const text = auditEventText(event);
      if (state !== undefined && states.isRepeated(state)) return Promise.resolve(false);
      const parsed = parseAuditEntry(ids.next(), text);
      if (parsed.ok) entries.push(parsed.entry);
      if (entries.length > capacity) entries.shift();
      if (state !== undefined) states.hold(state);
      return Promise.resolve(true);
    },
    read(query) {
      const newest = createNewestEntries(query);
      for (const entry of entries) newest.add(entry);
      return Promise.resolve(newest.reading());
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
