import type { ReplicaCount } from './replica-count.ts';

/**
 * Of routers that share several registries: the largest number that any of those that answer has heard of, since a router that has lost one
 * still gives out its nodes; of all, when none answers.
 */
export function combineReplicaCounts(counts: readonly ReplicaCount[]): ReplicaCount {
  return {
    count() {
      const fresh = counts.filter((each) => each.isFresh());
      return Math.max(1, ...(fresh.length > 0 ? fresh : counts).map((each) => each.count()));
    },
    isFresh: () => counts.some((each) => each.isFresh()),
    async refresh() {
      await Promise.all(counts.map((each) => each.refresh()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(counts.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
