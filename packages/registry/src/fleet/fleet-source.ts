import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRegistry } from '../nodes/node-registry.ts';
import type { RegistryError } from '../registry-error.ts';
import type { ParsedSnapshot } from '../snapshot-store/snapshot-parser.ts';
import type { SnapshotStore } from '../snapshot-store/snapshot-store.ts';
import { createReportOrder } from '../trust/report-order.ts';
import { createVanishGuard, type VanishSettings, type VanishVerdict } from '../trust/vanish-guard.ts';
import { askNodes, type AskNode } from './ask-nodes.ts';
import type { FleetNode, NodeChanges } from './node-changes.ts';
import { createServingNodes } from './serving-nodes.ts';
import { startSnapshotFeed, type RegistrySnapshot } from './snapshot-feed.ts';

/** One of the registries that a fleet reports to. */
export type FleetSourceParts = {
  /** How log and metrics call it. */
  readonly name: string;
  readonly registry: Pick<NodeRegistry, 'follow'>;
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
  /** Every node that may serve. */
  readonly nodes: () => readonly FleetNode[];
  /** One of them by its name, `<region>/<id>`. */
  readonly nodeNamed: (name: string) => FleetNode | undefined;
  /** What has changed since this was last called; at first that is every node. */
  readonly takeChanges: () => NodeChanges;
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
  const serving = createServingNodes(order, guard);
  let hasRead = false;
  /** What of it is on disk, or on its way there. */
  let saved: { readonly version: number; readonly serverId: string | undefined } | undefined;
  let fault: RegistryError['fault'] | undefined;

  async function askSuspects(): Promise<void> {
    const suspects = guard.takeSuspects(monotonicNowMs());
    if (suspects.length === 0) return;
    const answered = await askNodes(suspects, ask, stopped.signal);
    if (stopped.signal.aborted) return;
    guard.takeAnswers(suspects, answered, monotonicNowMs());
    serving.take([], []);
    events.onChange(name);
  }

  function takeReading({ changed, gone, serverId }: Pick<FollowedReading, 'changed' | 'gone' | 'serverId'>): void {
    const { newest, joined } = order.take(changed);
    const left = order.forget(gone);
    guard.takeReading({ joined, gone: left }, serverId, vanishing(), monotonicNowMs());
    serving.take(newest, left);
  }

  /** With those that are kept: a router that starts while they are in question is to keep them, too. */
  function save(serverId: string | undefined): void {
    const version = serving.version();
    if (saved?.version === version && saved.serverId === serverId) return;
    store?.save(serving.all(), serverId);
    saved = { version, serverId };
  }

  /** Nodes that were on disk and are not in the first reading. */
  function missingIn({ changed }: FollowedReading): FollowedReading['gone'] {
    const names = new Set(changed.map(({ key }) => nodeNameFromKey(key)));
    return [...order.all()].flatMap(({ key }) => (names.has(nodeNameFromKey(key)) ? [] : key));
  }

  const restored = await store?.read();
  if (restored?.ok === true) takeReading({ changed: restored.records, gone: [], serverId: restored.serverId });
  if (restored !== undefined) events.onRestored(name, restored);

  const feed = startSnapshotFeed(
    registry,
    {
      onSnapshot(snapshot) {
        fault = undefined;
        takeReading(hasRead ? snapshot : { ...snapshot, gone: missingIn(snapshot) });
        hasRead = true;
        save(snapshot.serverId);
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
        serving.take([], []);
        events.onChange(name);
      },
    },
    { monotonicNowMs, ...(intervalMs === undefined ? {} : { intervalMs }) },
  );

  return {
    nodes: serving.all,
    nodeNamed: serving.named,
    takeChanges: serving.takeChanges,
    status() {
      const snapshot = feed.snapshot();
      return {
        name,
        state: fault !== undefined ? 'lost' : snapshot === undefined ? 'starting' : 'fresh',
        ...(fault === undefined ? {} : { fault }),
        nodes: serving.size(),
        keptNodes: serving.keptSize(),
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
