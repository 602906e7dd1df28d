import { setTimeout as delay } from 'node:timers/promises';
import { nodeNameFromKey, type NodeKey, type NodeReport } from '@turn-router/contract/registry';
import { createRedisRegistry, type NodeRegistry } from '@turn-router/registry';

/** A node with its true capacity. It reports its true figures, unless `says` changes them. */
export type ScriptedNode = {
  readonly key: NodeKey;
  readonly capacityMbps?: number;
  readonly says?: (report: NodeReport) => NodeReport;
};

export type ScriptedFleet = AsyncDisposable & {
  /** Begins a call of 1 Mbit/s on a node, named `<region>/<id>`. */
  readonly beginCall: (node: string) => void;
  /** Publishes the reports of all nodes at once. */
  readonly reportAll: () => Promise<void>;
  /** Adds a node, which reports at once. */
  readonly join: (node: ScriptedNode) => Promise<void>;
};

const defaultCapacityMbps = 800;

/**
 * Starts nodes that exist only in Redis. They count the calls they get, end each call after a random time, and report every five seconds, one after
 * the other, as health-reporters would.
 */
export function startScriptedNodes(
  redisUrl: string,
  { nodes: first, meanCallMs }: { nodes: readonly ScriptedNode[]; meanCallMs: number },
  random: () => number,
): ScriptedFleet {
  const registry: NodeRegistry = createRedisRegistry({
    url: redisUrl,
    name: 'scripted-nodes',
    random,
    // Tolerates a busy machine.
    commandTimeoutMs: 60_000,
  });
  const byName = new Map<string, { calls: number; started: number; seq: number } & Required<ScriptedNode>>();
  const add = ({ key, capacityMbps = defaultCapacityMbps, says = (report) => report }: ScriptedNode) => {
    const node = { key, capacityMbps, says, calls: 0, started: 0, seq: 0 };
    byName.set(nodeNameFromKey(key), node);
    return node;
  };
  for (const node of first) add(node);
  const timers = new Set<NodeJS.Timeout>();
  const stopped = new AbortController();

  const report = (node: ReturnType<typeof add>) =>
    registry.put(
      node.key,
      node.says({
        status: 'healthy',
        cpu: (100 * node.calls) / node.capacityMbps,
        bandwidth_mbps: node.calls,
        bandwidth_capacity_mbps: node.capacityMbps,
        allocations: node.calls,
        allocations_started: node.started,
        boot_id: 'scripted',
        seq: (node.seq += 1),
        public_ip: '192.0.2.50',
        port: 3478,
      }),
      15_000,
    );
  const reportRepeatedly = async () => {
    while (!stopped.signal.aborted) {
      for (const node of byName.values()) {
        await report(node);
        await delay(5_000 / byName.size, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
    }
  };
  const reporting = reportRepeatedly();

  return {
    beginCall(name) {
      const node = byName.get(name);
      if (node === undefined) throw new Error(`Unknown node ${name}: expected one of ${[...byName.keys()].join(', ')}`);
      node.calls += 1;
      node.started += 1;
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          node.calls -= 1;
        },
        -meanCallMs * Math.log(1 - random()),
      );
      timers.add(timer);
    },
    reportAll: async () => void (await Promise.all([...byName.values()].map(report))),
    join: (node) => report(add(node)),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      try {
        await reporting;
      } finally {
        await registry[Symbol.asyncDispose]();
      }
    },
  };
}

/** Returns honest nodes `<region>/node-1`, `<region>/node-2` and so on. */
export function honestNodes(region: string, count: number): ScriptedNode[] {
  return Array.from({ length: count }, (_, index) => ({ key: { region, id: `node-${index + 1}` } }));
}
