import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { ReportedChanges, ReportedNode } from '@turn-router/selection';
import type { FollowedReading, NodeRegistry } from '../nodes/node-registry.ts';
import type { RegistryError } from '../registry-error.ts';
import type { ParsedSnapshot } from '../snapshot-store/snapshot-parser.ts';
import type { SnapshotStore } from '../snapshot-store/snapshot-store.ts';
import { createAddressGate } from '../trust/address-gate.ts';
import { isPermittedAddress, type AddressRules } from '../trust/address-rules.ts';
import { createAskPace } from '../trust/ask-pace.ts';
import { createLeavingWatch } from '../trust/leaving-watch.ts';
import { createReportOrder } from '../trust/report-order.ts';
import { createVanishGuard, type VanishSettings, type VanishVerdict } from '../trust/vanish-guard.ts';
import { askNodes, type AskNode, type AskOptions } from './ask-nodes.ts';
import { createServingNodes } from './serving-nodes.ts';
import { startReadingFeed, type TimedReading } from './reading-feed.ts';

/** One of the registries to which a fleet reports. */
export type FleetSourceParts = {
  /** Its name in logs and metrics. */
  readonly name: string;
  readonly registry: Pick<NodeRegistry, 'follow'>;
  /** Whether the registry is on this host, so that its nodes may have loopback addresses; default false. */
  readonly isLocal?: boolean | undefined;
  /** Keeps its last good snapshot across a restart. */
  readonly store?: SnapshotStore | undefined;
};

export type FleetSourceStatus = {
  readonly name: string;
  /** `starting`: not read yet. `fresh`: the last reading succeeded. `lost`: the last reading failed. */
  readonly state: 'starting' | 'fresh' | 'lost';
  /** The reason why the last reading failed. */
  readonly fault?: RegistryError['fault'];
  /** The number of nodes known from this registry. */
  readonly nodes: number;
  /** The number of these nodes that vanished from the registry and are kept. */
  readonly keptNodes: number;
  /** Time since the last successful reading, ms; undefined before the first one. */
  readonly ageMs?: number;
};

export type FleetSourceEvents = {
  /** A snapshot was found on disk at the start. If the file is valid, its nodes are used until the registry answers. */
  onRestored(source: string, snapshot: ParsedSnapshot): void;
  onReading(source: string, reading: TimedReading): void;
  onLost(source: string, error: RegistryError): void;
  onFound(source: string): void;
  /** A reading failed. Called for every failure, while `onLost` is only called for the first of several. */
  onFault(source: string, error: RegistryError): void;
  onContested(source: string, node: string): void;
  onSuspicion(source: string, nodes: readonly string[], isFollowing: boolean): void;
  onVerdict(source: string, verdict: VanishVerdict): void;
  /**
   * Leaving nodes are no longer used, by their names. `silence`: they did not answer. `time`: `leaving_seconds` have passed without another report.
   */
  onLeft(source: string, nodes: readonly string[], because: 'silence' | 'time'): void;
  /** A reading or a check of vanished nodes has ended: the nodes may have changed. */
  onChange(source: string): void;
};

export type FleetSourceOptions = {
  readonly monotonicNowMs: () => number;
  readonly vanishing: () => VanishSettings;
  /** What a record may name. Must return the same object until the rules change. */
  readonly addresses: () => AddressRules;
  readonly ask: AskNode;
  readonly intervalMs?: number | undefined;
};

export interface FleetSource extends AsyncDisposable {
  /** Returns every node that may serve. */
  readonly nodes: () => readonly ReportedNode[];
  /** Returns one of these nodes by its name, `<region>/<id>`. */
  readonly nodeNamed: (name: string) => ReportedNode | undefined;
  /** Returns the changes since the last call; the first call returns every node. */
  readonly takeChanges: () => ReportedChanges;
  readonly status: () => FleetSourceStatus;
  /** Reads once, and waits for the checks of vanished nodes. The loop calls it periodically. */
  readonly refresh: () => Promise<void>;
}

/**
 * Follows one registry: orders its reports, keeps nodes that vanish together until they have been checked, and saves all nodes to disk for
 * the next start.
 */
export async function startFleetSource(
  { name, registry, store, isLocal = false }: FleetSourceParts,
  events: FleetSourceEvents,
  { monotonicNowMs, vanishing, addresses, ask, intervalMs }: FleetSourceOptions,
): Promise<FleetSource> {
  const order = createReportOrder({ onContested: (node) => events.onContested(name, node) });
  const pace = createAskPace();
  const guard = createVanishGuard(
    {
      onSuspicion: (names, isFollowing) => events.onSuspicion(name, names, isFollowing),
      onVerdict: (verdict) => events.onVerdict(name, verdict),
    },
    pace,
  );
  const gate = createAddressGate(addresses, isLocal);
  const leaving = createLeavingWatch(pace);
  const stopped = new AbortController();
  const asking: AskOptions = {
    signal: stopped.signal,
    isPermitted: (target) => isPermittedAddress(target, addresses(), isLocal),
  };
  let checks = Promise.resolve();
  const serving = createServingNodes(order, guard);
  let hasRead = false;
  /** The state that was last given to the store. */
  let saved: { readonly version: number; readonly serverId: string | undefined } | undefined;
  let fault: RegistryError['fault'] | undefined;

  async function checkSuspects(): Promise<void> {
    const suspects = guard.takeSuspects(monotonicNowMs());
    if (suspects.length === 0) return;
    const answered = await askNodes(suspects, ask, asking);
    if (stopped.signal.aborted) return;
    guard.takeAnswers(suspects, answered, monotonicNowMs());
    serving.take([], []);
    events.onChange(name);
  }

  async function askLeaving(): Promise<void> {
    const asked = leaving.takeAsked(monotonicNowMs());
    if (asked.length === 0) return;
    const answered = await askNodes(asked, ask, asking);
    if (stopped.signal.aborted) return;
    const silent = leaving.takeAnswers(asked, answered);
    if (silent.length === 0) return;
    const left = order.forget(silent);
    guard.takeReading({ joined: [], gone: [], left }, undefined, vanishing(), monotonicNowMs());
    serving.take([], left);
    events.onLeft(name, silent.map(nodeNameFromKey), 'silence');
    events.onChange(name);
  }

  /** Ends the time of leaving nodes. Only after a reading: while the registry is unreachable, their reporters may be back. */
  function takeOverdue(): readonly NodeKey[] {
    const overdue = leaving.takeOverdue(monotonicNowMs());
    if (overdue.length > 0) events.onLeft(name, overdue.map(nodeNameFromKey), 'time');
    return overdue;
  }

  function takeReading({ serverId, ...reading }: Pick<FollowedReading, 'changed' | 'gone' | 'serverId'>): void {
    const { changed, gone, refused: refusedKeys } = gate.take(reading, order.all());
    // A refused node has not vanished and is not leaving, so nobody asks it.
    leaving.forget(refusedKeys);
    const refused = order.forget(refusedKeys);
    const { newest, joined } = order.take(changed);
    leaving.takeReports(newest, monotonicNowMs());
    const overdue = takeOverdue();
    const left = order.forget([...gone.filter((key) => !leaving.keeps(key)), ...overdue]);
    guard.takeReading({ joined, gone: left, left: refused }, serverId, vanishing(), monotonicNowMs());
    serving.take(newest, [...left, ...refused]);
  }

  /** Saves the kept nodes as well, so that a router that starts later also keeps them. */
  function save(serverId: string | undefined): void {
    const version = serving.version();
    if (saved?.version === version && saved.serverId === serverId) return;
    store?.save(serving.all(), serverId);
    saved = { version, serverId };
  }

  /** Returns the nodes that were on disk but not in the first reading. */
  function missingIn({ changed }: FollowedReading): FollowedReading['gone'] {
    const names = new Set(changed.map(({ key }) => nodeNameFromKey(key)));
    return [...order.all()].flatMap(({ key }) => (names.has(nodeNameFromKey(key)) ? [] : key));
  }

  const restored = await store?.read();
  if (restored?.ok === true) takeReading({ changed: restored.records, gone: [], serverId: restored.serverId });
  if (restored !== undefined) events.onRestored(name, restored);

  const feed = startReadingFeed(
    registry,
    {
      onReading(reading) {
        fault = undefined;
        takeReading(hasRead ? reading : { ...reading, gone: missingIn(reading) });
        hasRead = true;
        save(reading.serverId);
        events.onReading(name, { ...reading, rejected: [...reading.rejected, ...gate.rejected()] });
      },
      onFault(error) {
        fault = error.fault;
        guard.takeFailure(monotonicNowMs());
        events.onFault(name, error);
      },
      onLost: (error) => events.onLost(name, error),
      onFound: () => events.onFound(name),
      onReadingEnd() {
        checks = Promise.all([checks, checkSuspects(), askLeaving()]).then(() => undefined);
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
      const reading = feed.lastReading();
      return {
        name,
        state: fault !== undefined ? 'lost' : reading === undefined ? 'starting' : 'fresh',
        ...(fault === undefined ? {} : { fault }),
        nodes: serving.size(),
        keptNodes: serving.keptSize(),
        ...(reading === undefined ? {} : { ageMs: monotonicNowMs() - reading.readAtMs }),
      };
    },
    async refresh() {
      await feed.refresh();
      await checks;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await feed[Symbol.asyncDispose]();
      await checks;
    },
  };
}
