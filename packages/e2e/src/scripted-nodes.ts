import { setTimeout as delay } from 'node:timers/promises';
import { createRedisRegistry, type NodeRegistry } from '@turn-router/registry';

export type ScriptedFleet = AsyncDisposable & {
  /** A call of 1 Mbit/s begins on the node, named `<region>/<id>`. */
  readonly beginCall: (node: string) => void;
  /** Reports of all nodes, at once. */
  readonly reportAll: () => Promise<void>;
};

const capacityMbps = 800;

/**
 * Nodes of one region that exist in Redis only: they count the calls they are given, end each after a random time, and report every five
 * seconds, each in its turn, as a health-reporter would.
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
    // However busy the machine.
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
  const reportInTurn = async () => {
    while (!stopped.signal.aborted) {
      for (const node of nodes) {
        await report(node);
        await delay(5_000 / count, undefined, { signal: stopped.signal }).catch(() => undefined);
      }
    }
  };
  const turns = reportInTurn();

  return {
    beginCall(name) {
      const node = byName.get(name);
      if (node === undefined) throw new Error(`${name} is no node of this fleet`);
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
        await turns;
      } finally {
        await registry[Symbol.asyncDispose]();
      }
    },
  };
}
