import { setTimeout as delay } from 'node:timers/promises';
import { createRedisRegistry, type NodeRegistry } from '@turn-router/registry';

export type ScriptedFleet = AsyncDisposable & {
  /** Begins a call of 1 Mbit/s on a node, named `<region>/<id>`. */
  readonly beginCall: (node: string) => void;
  /** Publishes the reports of all nodes at once. */
  readonly reportAll: () => Promise<void>;
};

const capacityMbps = 800;

/**
 * Starts nodes of one region that exist only in Redis. They count the calls they get, end each call after a random time, and report every five
 * seconds, one after the other, as health-reporters would.
 */
export function startScriptedNodes(
  redisUrl: string,
  { region, count, meanCallMs }: { region: string; count: number; meanCallMs: number },
  random: () => number,
): ScriptedFleet {
  const registry: NodeRegistry = createRedisRegistry({
    url: redisUrl,
    name: 'scripted-nodes',
    random,
    // Tolerates a busy machine.
    commandTimeoutMs: 60_000,
  });
  const nodes = Array.from({ length: count }, (_, index) => ({
    key: { region, id: `node-${index + 1}` },
    calls: 0,
    started: 0,
    seq: 0,
  }));
  const byName = new Map(nodes.map((node) => [`${region}/${node.key.id}`, node]));
  const timers = new Set<NodeJS.Timeout>();
  const stopped = new AbortController();

  const report = (node: (typeof nodes)[number]) =>
    registry.put(
      node.key,
      {
        status: 'healthy',
        cpu: (100 * node.calls) / capacityMbps,
        bandwidth_mbps: node.calls,
        bandwidth_capacity_mbps: capacityMbps,
        allocations: node.calls,
        allocations_started: node.started,
        boot_id: 'scripted',
        seq: (node.seq += 1),
        public_ip: '192.0.2.50',
        port: 3478,
      },
      15_000,
    );
  const reportRepeatedly = async () => {
    while (!stopped.signal.aborted) {
      for (const node of nodes) {
        await report(node);
        await delay(5_000 / count, undefined, { signal: stopped.signal }).catch(() => undefined);
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
    reportAll: async () => void (await Promise.all(nodes.map(report))),
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
