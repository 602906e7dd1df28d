import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** Limits how often each node is asked, whatever its records say. Otherwise a record that is often rewritten would make routers flood an address. */
export interface AskPace {
  /** Whether enough time has passed since the node was asked last. */
  mayAsk(record: NodeRecord, nowMs: number): boolean;
  noteAsked(records: readonly NodeRecord[], nowMs: number): void;
}

/** The shortest time between two requests to one node, ms. */
export const askIntervalMs = 1_000;

export function createAskPace(): AskPace {
  /** The nodes that were asked within the interval. */
  const askedAtMs = new Map<string, number>();
  return {
    mayAsk: ({ key }, nowMs) =>
      nowMs - (askedAtMs.get(nodeNameFromKey(key)) ?? Number.NEGATIVE_INFINITY) >= askIntervalMs,
    noteAsked(records, nowMs) {
      for (const [name, atMs] of askedAtMs) if (nowMs - atMs >= askIntervalMs) askedAtMs.delete(name);
      for (const { key } of records) askedAtMs.set(nodeNameFromKey(key), nowMs);
    },
  };
}
