import { parseAuditEntry, type AuditEntry } from '@turn-router/contract/registry';
import { createAuditIds } from './audit-ids.ts';
import type { AuditLog } from './audit-log.ts';
import { createAuditStates } from './audit-states.ts';
import { auditEventText } from './audit-event-text.ts';
import { createNewestEntries } from './newest-entries.ts';

/**
 * The audit log of a router that has no place to write to: the newest entries since it started.
 *
 * @param nowMs Unix time
 * @param capacity entries that are kept; at 4 KiB each at most 4 MiB, usually a twentieth
 */
export function createMemoryAuditLog(nowMs: () => number, capacity = 1_000): AuditLog {
  const ids = createAuditIds(nowMs);
  const states = createAuditStates(nowMs);
  const entries: AuditEntry[] = [];
  return {
    append(event, state) {
      const text = auditEventText(event);
      if (state !== undefined && states.isHeld(state)) return Promise.resolve(false);
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
