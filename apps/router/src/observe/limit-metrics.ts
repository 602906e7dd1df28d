import { Counter, Gauge, type Registry } from 'prom-client';

/** The kinds of limits. `anonymous` limits an address too, but only its anonymous calls count. */
export type LimitKind = 'address' | 'anonymous' | 'key' | 'user';

/** Metrics of the rate limits. No label names a caller. */
export type LimitMetrics = {
  readonly countLimited: (state: { readonly kind: LimitKind; readonly isRefused: boolean }) => void;
  /** Sets the source of the limits' state. The source is read at each scrape. */
  readonly showLimits: (look: () => LimitView) => void;
  /** Stores how many routers of PEERS answered at the last check, and how many did not. */
  readonly usePeers: (answering: number, silent: number) => void;
};

export type LimitView = {
  readonly buckets: number;
  /** Whether the routers count calls together. */
  readonly isShared: boolean;
};

/** @returns the metrics, and `collect`, which must be called before the metrics are read */
export function createLimitMetrics(registers: Registry[]): LimitMetrics & { readonly collect: () => void } {
  const calls = new Counter({
    name: 'turn_router_limited_calls_total',
    help: 'Number of calls that a rate limit has checked, by kind of limit and result.',
    labelNames: ['kind', 'result'],
    registers,
  });
  const buckets = new Gauge({
    name: 'turn_router_limit_buckets',
    aggregator: 'max',
    help: 'Number of keys, users and addresses whose calls are counted in memory for rate limits.',
    registers,
  });
  const shared = new Gauge({
    name: 'turn_router_limits_shared',
    aggregator: 'min',
    help: '1 while routers count calls together, 0 while each router enforces a part of every rate limit.',
    registers,
  });
  const peers = new Gauge({
    name: 'turn_router_peers',
    aggregator: 'min',
    help: 'Number of routers in PEERS, including this router: those that answered the last check, and those that did not.',
    labelNames: ['state'],
    registers,
  });
  // Labels are looked up only once, not for each call.
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
