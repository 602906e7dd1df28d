import type { NodeRegistry, RegistryReading } from '../node-registry.ts';
import type { RegistryError } from '../registry-error.ts';
import { startSnapshotFeed, type RegistrySnapshot } from '../snapshot-feed.ts';
import type { ParsedSnapshot } from '../snapshot-store/snapshot-parser.ts';
import type { SnapshotStore } from '../snapshot-store/snapshot-store.ts';
import { createReportOrder } from '../trust/report-order.ts';
import { createVanishGuard, type VanishSettings, type VanishVerdict } from '../trust/vanish-guard.ts';
import { askNodes, type AskNode } from './ask-nodes.ts';
import { keptNode, type FleetNode } from './fleet-node.ts';

/** One of the registries that a fleet reports to. */
export type FleetSourceParts = {
  /** How log and metrics call it. */
  readonly name: string;
  readonly registry: Pick<NodeRegistry, 'readAll'>;
  /** Where its last good snapshot is kept over a restart. */
  readonly store?: SnapshotStore | undefined;
};

export type FleetSourceStatus = {
  readonly name: string;
  /** `starting`: never read yet. `fresh`: the last reading succeeded. `lost`: it failed. */
  readonly state: 'starting' | 'fresh' | 'lost';
  /** Why the last reading failed. */
  readonly fault?: RegistryError['fault'];
  /** Nodes known from it; none when it was neither read nor restored. */
  readonly nodes: number;
  /** Of these, the ones that vanished from it and are kept. */
  readonly keptNodes: number;
  /** ms since it was last read; undefined when it never was. */
  readonly ageMs?: number;
};

export type FleetSourceEvents = {
  /** What was found on disk at the start: nodes that serve until the registry answers, or a file that cannot be used. */
  onRestored(source: string, snapshot: ParsedSnapshot): void;
  onSnapshot(source: string, snapshot: RegistrySnapshot): void;
  onLost(source: string, error: RegistryError): void;
  onFound(source: string): void;
  /** Every failed reading, where `onLost` tells the first of several. */
  onFault(source: string, error: RegistryError): void;
  onContested(source: string, node: string): void;
  onSuspicion(source: string, nodes: readonly string[], isFollowing: boolean): void;
  onVerdict(source: string, verdict: VanishVerdict): void;
  /** A reading has ended, or suspects have been heard: the nodes may be others. */
  onChange(source: string): void;
};

export type FleetSourceOptions = {
  readonly monotonicNowMs: () => number;
  readonly vanishing: () => VanishSettings;
  readonly ask: AskNode;
  readonly intervalMs?: number | undefined;
};

export interface FleetSource extends AsyncDisposable {
  readonly nodes: () => readonly FleetNode[];
  readonly status: () => FleetSourceStatus;
  /** Reads once, and waits for those that have to be asked. The loop does this by itself. */
  readonly refresh: () => Promise<void>;
}

/**
 * Follows one registry: its reports in their own order, the nodes that vanish together kept until they have been asked, and all of it on
 * disk for the next start.
 */
export async function startFleetSource(
  { name, registry, store }: FleetSourceParts,
  events: FleetSourceEvents,
  { monotonicNowMs, vanishing, ask, intervalMs }: FleetSourceOptions,
): Promise<FleetSource> {
  const order = createReportOrder({ onContested: (node) => events.onContested(name, node) });
  const guard = createVanishGuard({
    onSuspicion: (names, isFollowing) => events.onSuspicion(name, names, isFollowing),
    onVerdict: (verdict) => events.onVerdict(name, verdict),
  });
  const stopped = new AbortController();
  let asking = Promise.resolve();
  let nodes: readonly FleetNode[] = [];
  let present: readonly FleetNode[] = [];
  let fault: RegistryError['fault'] | undefined;

  function rebuild(): void {
    const kept = guard.kept();
    nodes = kept.length === 0 ? present : [...present, ...kept.map((record) => keptNode(record))];
  }

  async function askSuspects(): Promise<void> {
    const suspects = guard.takeSuspects(monotonicNowMs());
    if (suspects.length === 0) return;
    const answered = await askNodes(suspects, ask, stopped.signal);
    if (stopped.signal.aborted) return;
    guard.takeAnswers(suspects, answered, monotonicNowMs());
    rebuild();
    events.onChange(name);
  }

  function takeRecords({ records, serverId }: Pick<RegistryReading, 'records' | 'serverId'>): void {
    present = order.newest(records);
    guard.takeReading(present, serverId, vanishing(), monotonicNowMs());
    rebuild();
  }

  const restored = await store?.read();
  if (restored?.ok === true) takeRecords(restored);
  if (restored !== undefined) events.onRestored(name, restored);

  const feed = startSnapshotFeed(
    registry,
    {
      onSnapshot(snapshot) {
        fault = undefined;
        takeRecords(snapshot);
        // With those that are kept: a router that starts while they are in question is to keep them, too.
        store?.save(nodes, snapshot.serverId);
        events.onSnapshot(name, snapshot);
      },
      onFault(error) {
        fault = error.fault;
        guard.takeFailure(monotonicNowMs());
        events.onFault(name, error);
      },
      onLost: (error) => events.onLost(name, error),
      onFound: () => events.onFound(name),
      onReadingEnd() {
        asking = Promise.all([asking, askSuspects()]).then(() => undefined);
        rebuild();
        events.onChange(name);
      },
    },
    { monotonicNowMs, ...(intervalMs === undefined ? {} : { intervalMs }) },
  );

  return {
    nodes: () => nodes,
    status() {
      const snapshot = feed.snapshot();
      return {
        name,
        state: fault !== undefined ? 'lost' : snapshot === undefined ? 'starting' : 'fresh',
        ...(fault === undefined ? {} : { fault }),
        nodes: nodes.length,
        keptNodes: nodes.length - present.length,
        ...(snapshot === undefined ? {} : { ageMs: monotonicNowMs() - snapshot.readAtMs }),
      };
    },
    async refresh() {
      await feed.refresh();
      await asking;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await feed[Symbol.asyncDispose]();
      await asking;
    },
  };
}
