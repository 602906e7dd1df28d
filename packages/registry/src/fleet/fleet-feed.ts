import {
  startFleetSource,
  type FleetSourceEvents,
  type FleetSourceOptions,
  type FleetSourceParts,
  type FleetSourceStatus,
} from './fleet-source.ts';
import { mergeSources, type MergedNodes } from './merge-sources.ts';

export type FleetFeedEvents = Omit<FleetSourceEvents, 'onChange'> & {
  /** The fleet may have changed, or a reading has ended without a change. The subscriber must take the changes. */
  onChange(): void;
};

/** The nodes of all registries, in memory. */
export interface FleetFeed extends MergedNodes, AsyncDisposable {
  /** Returns the status of each registry, in the order of `parts`. */
  readonly sources: () => readonly FleetSourceStatus[];
  /** Reads each registry once. The loops call it periodically. */
  readonly refresh: () => Promise<void>;
}

/** The shortest time between two calls of `onChange` if there are several registries, ms. Their readings end at different times. */
const minChangeIntervalMs = 100;

/**
 * Follows one registry, or several independent registries, for example one per region. A separate loop reads each registry. So if one
 * registry fails, only its nodes are affected. If a node is in several registries, `mergeSources` decides which record is used.
 *
 * Settles when all snapshots on disk have been read. Does not wait for the registries.
 */
export async function startFleetFeed(
  parts: readonly FleetSourceParts[],
  events: FleetFeedEvents,
  options: FleetSourceOptions,
): Promise<FleetFeed> {
  let changedAtMs = Number.NEGATIVE_INFINITY;
  function onChange(): void {
    const nowMs = options.monotonicNowMs();
    if (parts.length > 1 && nowMs - changedAtMs < minChangeIntervalMs) return;
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
