import { Counter, Gauge, type Registry } from 'prom-client';

/** `anonymous`: an address too, of which only calls are counted that nobody vouches for. */
export type LimitKind = 'address' | 'anonymous' | 'key' | 'user';

/** What is measured of the limits. No label says whose they are. */
export type LimitMetrics = {
  readonly countLimited: (state: { readonly kind: LimitKind; readonly isRefused: boolean }) => void;
  /** Whom to ask when somebody wants to know. */
  readonly showLimits: (look: () => LimitView) => void;
  /** Who of PEERS answered, and who did not, when they were last asked. */
  readonly usePeers: (answering: number, silent: number) => void;
};

export type LimitView = {
  readonly buckets: number;
  /** Whether routers know of each other's calls. */
  readonly isShared: boolean;
};

/** @returns the metrics, and `collect`, to be called before they are read */
export function createLimitMetrics(registers: Registry[]): LimitMetrics & { readonly collect: () => void } {
  const calls = new Counter({
    name: 'turn_router_limited_calls_total',
    help: 'Calls that fell under a limit, by its kind and by whether it let them pass.',
    labelNames: ['kind', 'result'],
    registers,
  });
  const buckets = new Gauge({
    name: 'turn_router_limit_buckets',
    aggregator: 'max',
    help: 'Limited keys, users and addresses in memory.',
    registers,
  });
  const shared = new Gauge({
    name: 'turn_router_limits_shared',
    aggregator: 'min',
    help: '1 while routers know of each other’s calls, 0 while each keeps to its share of the limits.',
    registers,
  });
  const peers = new Gauge({
    name: 'turn_router_peers',
    aggregator: 'min',
    help: 'Routers of PEERS, this one included, by whether they answered when they were last asked.',
    labelNames: ['state'],
    registers,
  });
  // Looked up once rather than for each call.
  const counterOf = (kind: LimitKind) => ({
    passed: calls.labels(kind, 'passed'),
    refused: calls.labels(kind, 'refused'),
  });
  const counters = {
    address: counterOf('address'),
    anonymous: counterOf('anonymous'),
    key: counterOf('key'),
    user: counterOf('user'),
  };
  let look: (() => LimitView) | undefined;

  return {
    countLimited: ({ kind, isRefused }) => counters[kind][isRefused ? 'refused' : 'passed'].inc(),
    showLimits(view) {
      look = view;
    },
    usePeers(answering, silent) {
      peers.set({ state: 'answering' }, answering);
      peers.set({ state: 'silent' }, silent);
    },
    collect() {
      if (look === undefined) return;
      const view = look();
      buckets.set(view.buckets);
      shared.set(view.isShared ? 1 : 0);
    },
  };
}
