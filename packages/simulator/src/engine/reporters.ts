import FlatQueue from 'flatqueue';
import type { Scenario } from '../scenario/scenario.ts';
import type { EventOf } from '../scenario/scenario-event.ts';
import type { EventSource } from './event-source.ts';
import type { Random } from './random-streams.ts';
import { reportOfNode, stateOfNode, type SimulatedNodeState } from './report-of-node.ts';
import type { SimulatedRegistry } from './simulated-registry.ts';
import type { SimulatedNode } from './world.ts';

export type Lie = EventOf<'node-lies'>['says'];

/** The health-reporters of all nodes. Each event is one report. */
export interface Reporters extends EventSource {
  /** Publishes a report at once, for a node that has just started. */
  readonly reportNow: (node: SimulatedNode, atSecond: number) => void;
  /** Stops the reports of a crashed node. Its record expires after its TTL. */
  readonly stopReporting: (node: SimulatedNode) => void;
  /** @param lie undefined: from now on the node reports its true state */
  readonly setLie: (node: SimulatedNode, lie: Lie | undefined) => void;
}

const idleState: SimulatedNodeState = { cpuPercent: 0, loadMbps: 0, calls: 0, callsStarted: 0 };
/** The load in a false report `beyond-capacity`, as a factor of the capacity. */
const lieFactor = 3;
/** The capacity in a false report `large`. */
const largeMbps = 1e5;
/** Maximum part of the interval by which a report is early or late. */
const jitter = 0.1;

export function createReporters(
  nodes: readonly SimulatedNode[],
  { intervalSeconds, ttlSeconds, counters }: Scenario['reports'],
  registry: SimulatedRegistry,
  random: Random,
): Reporters {
  const dueSeconds = new FlatQueue();
  const lastSeconds = new Float64Array(nodes.length);
  const seqs = new Uint32Array(nodes.length);
  const lies = new Map<SimulatedNode, (node: SimulatedNode) => SimulatedNodeState | undefined>();

  const reportNow = (node: SimulatedNode, atSecond: number) => {
    const seq = (seqs[node.index] ?? 0) + 1;
    seqs[node.index] = seq;
    lastSeconds[node.index] = atSecond;
    const state = (lies.get(node) ?? stateOfNode)(node);
    if (state === undefined) registry.remove(node);
    else {
      const report = reportOfNode(node, state, counters ? { seq } : undefined);
      registry.put(node, { key: node.key, report }, atSecond);
    }
  };

  for (const node of nodes) {
    if (node.isUp) reportNow(node, 0);
    dueSeconds.push(node.index, random() * intervalSeconds);
  }
  return {
    reportNow,
    stopReporting: (node) => {
      registry.expire(node, (lastSeconds[node.index] ?? 0) + ttlSeconds);
      seqs[node.index] = 0;
    },
    setLie: (node, lie) => {
      if (lie === undefined) lies.delete(node);
      else lies.set(node, stateOfLie(lie, node));
    },
    nextSecond: () => dueSeconds.peekValue() ?? Number.POSITIVE_INFINITY,
    happen: () => {
      const atSecond = dueSeconds.peekValue() ?? 0;
      const node = nodes[dueSeconds.pop() ?? 0];
      if (node === undefined) return;
      if (node.isUp) reportNow(node, atSecond);
      dueSeconds.push(node.index, atSecond + intervalSeconds * (1 - jitter + 2 * jitter * random()));
    },
  };
}

/** Returns the state in the false reports of a node. Undefined for an unreadable report. */
function stateOfLie(lie: Lie, node: SimulatedNode): (node: SimulatedNode) => SimulatedNodeState | undefined {
  switch (lie) {
    case 'zero':
      return () => idleState;
    case 'frozen': {
      const state = stateOfNode(node);
      return () => state;
    }
    case 'beyond-capacity':
      return (now) => ({ ...stateOfNode(now), cpuPercent: 100, loadMbps: lieFactor * now.capacityMbps });
    case 'large':
      return () => ({ ...idleState, claimedMbps: largeMbps });
    case 'unreadable':
      return () => undefined;
  }
}
