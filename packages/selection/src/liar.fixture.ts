import type { NodeReport } from '@turn-router/contract/registry';
import type { Balancer } from './balancer.ts';
import { uniformDraws } from './draws.fixture.ts';
import { idle } from './fleet.fixture.ts';

/** A node with its true capacity. It reports its true figures, unless `says` changes them. */
export type WatchedNode = {
  readonly id: string;
  readonly capacityMbps: number;
  /** Changes the true report. `step` counts the reports. */
  readonly says?: (report: NodeReport, step: number) => NodeReport;
  /** The calls that it carries at the start, Mbit/s; one call has 1 Mbit/s. */
  readonly startMbps?: number;
  /** Seconds until its first report; default 0. */
  readonly joinsAtSecond?: number;
};

export type WatchedRun = {
  /** Part of the new calls that each node got in each window, by its id. */
  readonly sharesIn: (fromSecond: number, toSecond: number) => Readonly<Record<string, number>>;
  /** The highest part of the calls that the node got within any window of this many seconds. */
  readonly highestShare: (id: string, windowSeconds: number) => number;
};

const reportEverySeconds = 5;
const meanCallSeconds = 60;

/**
 * Plays a region with one router, second by second. Calls of 1 Mbit/s end after 60 s on average. Each credential becomes a call.
 *
 * @param demandMbps work of the calls that the region has in balance
 */
export function watchRegion(
  balancer: Balancer,
  nodes: readonly WatchedNode[],
  demandMbps: number,
  durationSeconds: number,
  seed = 7,
): WatchedRun {
  const random = uniformDraws(seed);
  const calls = new Map(nodes.map(({ id, startMbps = 0 }) => [id, startMbps]));
  const reports = new Map<string, NodeReport>();
  const given: Record<string, number>[] = [];
  for (let second = 0; second < durationSeconds; second += 1) {
    for (const [index, node] of nodes.entries()) {
      const joined = second >= (node.joinsAtSecond ?? 0);
      if (joined && (!reports.has(node.id) || second % reportEverySeconds === index % reportEverySeconds))
        reports.set(node.id, reportOf(node, calls.get(node.id) ?? 0, second));
    }
    const reading = [...reports].map(([id, report]) => ({ key: { region: 'virginia', id }, report }));
    balancer.observe({ nodes: reading, replicas: 1 }, second * 1000);
    const got: Record<string, number> = {};
    const arriving = demandMbps / meanCallSeconds;
    const count = Math.floor(arriving) + (random() < arriving % 1 ? 1 : 0);
    for (let call = 0; call < count; call += 1) {
      const nowMs = second * 1000 + (call * 1000) / count;
      const decision = balancer.choose({ homeRegion: 'virginia' }, { maxNodes: 1 }, nowMs, random);
      if (!decision.ok) continue;
      balancer.countIssued(decision.nodes, nowMs);
      const id = decision.nodes[0]?.key.id ?? '';
      got[id] = (got[id] ?? 0) + 1;
    }
    given.push(got);
    for (const [id, running] of calls) calls.set(id, running * Math.exp(-1 / meanCallSeconds) + (got[id] ?? 0));
  }
  const sharesIn = (fromSecond: number, toSecond: number) => {
    const sums: Record<string, number> = {};
    let total = 0;
    for (const got of given.slice(fromSecond, toSecond)) {
      for (const [id, count] of Object.entries(got)) {
        sums[id] = (sums[id] ?? 0) + count;
        total += count;
      }
    }
    return Object.fromEntries(Object.entries(sums).map(([id, count]) => [id, count / total]));
  };
  return {
    sharesIn,
    highestShare: (id, windowSeconds) =>
      Math.max(...given.slice(windowSeconds - 1).map((_, start) => sharesIn(start, start + windowSeconds)[id] ?? 0)),
  };
}

function reportOf({ capacityMbps, says }: WatchedNode, mbps: number, second: number): NodeReport {
  const report: NodeReport = {
    ...idle,
    cpu: Math.min(100, (100 * mbps) / capacityMbps),
    bandwidth_mbps: mbps,
    bandwidth_capacity_mbps: capacityMbps,
  };
  return says === undefined ? report : says(report, Math.floor(second / reportEverySeconds));
}
