import { expect, test } from '@jest/globals';
import { combineReplicaCounts } from './combine-replica-counts.ts';
import type { ReplicaCount } from './replica-count.ts';

function countOf(count: number, isFresh: boolean): ReplicaCount {
  return {
    count: () => count,
    isFresh: () => isFresh,
    refresh: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test.each([
  ['the largest of several that answer', [countOf(2, true), countOf(3, true)], 3, true],
  ['not what one heard that is lost', [countOf(2, true), countOf(16, false)], 2, true],
  ['what was heard last when all are lost', [countOf(4, false), countOf(3, false)], 4, false],
])('of several registries the number of routers is %s', (_, counts, expected, isFresh) => {
  const combined = combineReplicaCounts(counts);
  expect([combined.count(), combined.isFresh()]).toEqual([expected, isFresh]);
});
