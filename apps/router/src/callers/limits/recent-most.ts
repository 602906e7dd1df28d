/** The largest number taken within the last `memoryMs`; at least 1. */
export type RecentMost = { readonly take: (value: number, nowMs: number) => void; readonly value: () => number };

export function createRecentMost(memoryMs: number): RecentMost {
  /** Each is larger than all later ones: a value that is smaller than a newer one can never become the largest. */
  let candidates: { value: number; atMs: number }[] = [];
  return {
    take(value, nowMs) {
      candidates = candidates.filter((each) => each.value > value && nowMs - each.atMs < memoryMs);
      candidates.push({ value, atMs: nowMs });
    },
    value: () => Math.max(1, candidates[0]?.value ?? 1),
  };
}
