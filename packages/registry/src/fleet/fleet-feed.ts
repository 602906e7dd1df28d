import {
  startFleetSource,
  type FleetSourceEvents,
  type FleetSourceOptions,
  type FleetSourceParts,
  type FleetSourceStatus,
} from './fleet-source.ts';
import { mergeSources, type MergedNodes } from './merge-sources.ts';

export type FleetFeedEvents = Omit<FleetSourceEvents, 'onChange'> & {
  /** Something may have changed, or time has passed: what follows the fleet is to look at it again. */
  onChange(): void;
};

/** All registries together, in memory. */
export interface FleetFeed extends MergedNodes, AsyncDisposable {
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
    ...mergeSources(sources),
    sources: () => sources.map((source) => source.status()),
    refresh: async () => {
      await Promise.all(sources.map((source) => source.refresh()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.map((source) => source[Symbol.asyncDispose]()));
    },
  };
}
