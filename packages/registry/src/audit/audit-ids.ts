/** Generates ids in the format of a Redis stream, `<Unix ms>-<number>`. Each is greater than the one before, even if the clock steps back. */
export type AuditIds = {
  readonly next: () => string;
  /** Continues after an id that was generated before a restart. */
  readonly follow: (id: string) => void;
};

export function createAuditIds(nowMs: () => number): AuditIds {
  let lastMs = 0;
  let lastNumber = -1;
  return {
    next() {
      const ms = Math.floor(nowMs());
      lastNumber = ms > lastMs ? 0 : lastNumber + 1;
      lastMs = Math.max(ms, lastMs);
      return `${lastMs}-${lastNumber}`;
    },
    follow(id) {
      const [ms, number] = parts(id);
      if (ms < lastMs || (ms === lastMs && number < lastNumber)) return;
      lastMs = ms;
      lastNumber = number;
    },
  };
}

export function isOlderId(id: string, than: string): boolean {
  const [ms, number] = parts(id);
  const [thanMs, thanNumber] = parts(than);
  return ms === thanMs ? number < thanNumber : ms < thanMs;
}

function parts(id: string): [ms: number, number: number] {
  const [ms, number] = id.split('-').map(Number);
  return [ms ?? 0, number ?? 0];
}
