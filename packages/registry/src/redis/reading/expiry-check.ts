/**
 * Finds records that do not expire: records without a TTL, or with a TTL longer than any reporter's. Their node would serve for ever, even if its
 * reporter has stopped. A record that changes is not checked, because its reporter is alive. So in a healthy fleet the check sends no commands.
 */
export interface ExpiryCheck {
  readonly beginReading: () => void;
  /** Takes the text of a record. @returns whether the TTL of the record must be read now */
  readonly isDue: (name: string, text: string) => boolean;
  /** @param ttlMs the reply to PTTL: -1 without a TTL, -2 without the key */
  readonly takeTtl: (name: string, ttlMs: number) => void;
  /** Whether the record does not expire, and has not changed for `unchangedMs`. */
  readonly isLasting: (name: string) => boolean;
  /** Ends a complete reading: forgets the records that were not in it. */
  readonly endReading: () => void;
}

/** A record is checked when it has not changed for this time, ms. It is the TTL of a report by default. */
export const unchangedMs = 15_000;

/** The longest TTL that a reporter uses, ms (`ttlMaxMs` of the health-reporter). */
const ttlMaxMs = 300_000;

type Entry = { text: string; checkAtMs: number; isLasting: boolean; seenInReading: number };

export function createExpiryCheck(monotonicNowMs: () => number): ExpiryCheck {
  const entries = new Map<string, Entry>();
  let readings = 0;
  let seen = 0;
  let nowMs = monotonicNowMs();
  return {
    beginReading() {
      readings += 1;
      seen = 0;
      nowMs = monotonicNowMs();
    },
    isDue(name, text) {
      let entry = entries.get(name);
      if (entry?.text !== text) {
        entry = { text, checkAtMs: nowMs + unchangedMs, isLasting: false, seenInReading: entry?.seenInReading ?? 0 };
        entries.set(name, entry);
      }
      if (entry.seenInReading !== readings) seen += 1;
      entry.seenInReading = readings;
      return nowMs >= entry.checkAtMs;
    },
    takeTtl(name, ttlMs) {
      const entry = entries.get(name);
      if (entry === undefined) return;
      entry.checkAtMs = nowMs + unchangedMs;
      entry.isLasting = ttlMs === -1 || ttlMs > ttlMaxMs;
    },
    isLasting: (name) => entries.get(name)?.isLasting === true,
    endReading() {
      if (entries.size === seen) return;
      for (const [name, { seenInReading }] of entries) if (seenInReading !== readings) entries.delete(name);
    },
  };
}
