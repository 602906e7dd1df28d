/** The largest number of the last `memoryMs`; at least 1. */
export type RecentMaximum = { readonly take: (value: number, nowMs: number) => void; readonly value: () => number };

export function createRecentMaximum(memoryMs: number): RecentMaximum {
  /** The stored numbers, each larger than all later ones. A number that is smaller than a later number can never become the largest. */
  let candidates: { value: number; atMs: number }[] = [];
  return {
    take(value, nowMs) {
      candidates = candidates.filter((each) => each.value > value && nowMs - each.atMs < memoryMs);
      candidates.push({ value, atMs: nowMs });
    },
    value: () => Math.max(1, candidates[0]?.value ?? 1),
  };
}
