import type { AuditEntry } from '@turn-router/contract/registry';
import { isOlderId } from './audit-ids.ts';
import type { AuditQuery, AuditReading } from './audit-log.ts';

export type NewestEntries = {
  readonly add: (entry: AuditEntry) => void;
  readonly reject: () => void;
  readonly reading: () => AuditReading;
};

/** Selects the entries for a query from a log that is read from its beginning. Keeps only these entries in memory. */
export function createNewestEntries({ sinceMs, before, limit, action }: AuditQuery): NewestEntries {
  let rejected = 0;
  let isMore = false;
  const kept: AuditEntry[] = [];
  return {
    add(entry) {
      if (entry.atMs < sinceMs || (before !== undefined && !isOlderId(entry.id, before))) return;
      if (action !== undefined && entry.action !== action) return;
      kept.push(entry);
      if (kept.length <= limit) return;
      kept.shift();
      isMore = true;
    },
    reject() {
      rejected += 1;
    },
    reading: () => ({ entries: kept.toReversed(), rejected, before: isMore ? kept[0]?.id : undefined }),
  };
}
