import { nodeNameFromKey } from '@turn-router/contract';
import type { FleetNode } from './fleet-node.ts';
import {
  startFleetSource,
  type FleetSource,
  type FleetSourceEvents,
  type FleetSourceOptions,
  type FleetSourceParts,
  type FleetSourceStatus,
} from './fleet-source.ts';

export type FleetFeedEvents = Omit<FleetSourceEvents, 'onChange'> & {
  /** Something may have changed, or time has passed: what follows the fleet is to look at it again. */
  onChange(): void;
};

/** All registries together, in memory. */
export interface FleetFeed extends AsyncDisposable {
  /** Every node that may serve, each once. The same objects while nothing has changed. */
  readonly nodes: () => readonly FleetNode[];
  /** In the order in which the registries were given. */
  readonly sources: () => readonly FleetSourceStatus[];
  /** Reads each registry once. The loops do this by themselves. */
  readonly refresh: () => Promise<void>;
}

/** With many registries readings end at any time; the fleet is looked at this often at most, ms. */
const changesApartMs = 100;

/**
 * Follows one registry, or several that know nothing of each other (one a region): each is read by a loop of its own, so that the loss of
 * one touches only its nodes. A node that stands in several counts where its registry is fresh, else where it was first.
 *
 * Settles when every snapshot on disk has been read; the registries themselves are not waited for.
 */
export async function startFleetFeed(
  parts: readonly FleetSourceParts[],
  events: FleetFeedEvents,
  options: FleetSourceOptions,
): Promise<FleetFeed> {
  let changedAtMs = Number.NEGATIVE_INFINITY;
  function onChange(): void {
    const nowMs = options.monotonicNowMs();
    if (parts.length > 1 && nowMs - changedAtMs < changesApartMs) return;
    changedAtMs = nowMs;
    events.onChange();
  }

  const sources = await Promise.all(parts.map((part) => startFleetSource(part, { ...events, onChange }, options)));
  return {
    nodes: () => mergedNodes(sources),
    sources: () => sources.map((source) => source.status()),
    refresh: async () => {
      await Promise.all(sources.map((source) => source.refresh()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.map((source) => source[Symbol.asyncDispose]()));
    },
  };
}

function mergedNodes(sources: readonly FleetSource[]): readonly FleetNode[] {
  const [only, ...others] = sources;
  if (only === undefined) return [];
  if (others.length === 0) return only.nodes();
  const byName = new Map<string, FleetNode>();
  const freshFirst = sources.toSorted((a, b) => Number(isFresh(b)) - Number(isFresh(a)));
  for (const node of freshFirst.flatMap((source) => source.nodes())) {
    const name = nodeNameFromKey(node.key);
    const known = byName.get(name);
    // In one registry it reports, from another it has vanished.
    if (known === undefined || (known.trustedShare !== undefined && node.trustedShare === undefined)) {
      byName.set(name, node);
    }
  }
  return [...byName.values()];
}

function isFresh(source: FleetSource): boolean {
  return source.status().state === 'fresh';
}
