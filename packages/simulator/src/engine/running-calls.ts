import FlatQueue from 'flatqueue';
import type { EventSource } from './event-source.ts';
import type { SimulatedNode } from './world.ts';

/** The calls that run; what happens is that one ends. */
export interface RunningCalls extends EventSource {
  readonly begin: (node: SimulatedNode, bandwidthMbps: number, endSecond: number) => void;
}

/** Numbers in rows instead of an object for each call: a simulated day has tens of millions of them. */
export function createRunningCalls(nodes: readonly SimulatedNode[]): RunningCalls {
  /** Rows by the second when their call ends. */
  const ends = new FlatQueue();
  const freeRows: number[] = [];
  let nodeIndexes = new Uint32Array(1024);
  let boots = new Uint32Array(1024);
  let bandwidthsMbps = new Float64Array(1024);
  let rowsUsed = 0;

  const takeRow = (): number => {
    const freed = freeRows.pop();
    if (freed !== undefined) return freed;
    if (rowsUsed === nodeIndexes.length) {
      nodeIndexes = doubled(nodeIndexes, new Uint32Array(2 * rowsUsed));
      boots = doubled(boots, new Uint32Array(2 * rowsUsed));
      bandwidthsMbps = doubled(bandwidthsMbps, new Float64Array(2 * rowsUsed));
    }
    rowsUsed += 1;
    return rowsUsed - 1;
  };

  return {
    begin: (node, bandwidthMbps, endSecond) => {
      node.calls += 1;
      node.callsStarted += 1;
      node.loadMbps += bandwidthMbps;
      const row = takeRow();
      nodeIndexes[row] = node.index;
      boots[row] = node.boots;
      bandwidthsMbps[row] = bandwidthMbps;
      ends.push(row, endSecond);
    },
    nextSecond: () => ends.peekValue() ?? Number.POSITIVE_INFINITY,
    happen: () => {
      const row = ends.pop();
      if (row === undefined) return;
      freeRows.push(row);
      const node = nodes[nodeIndexes[row] ?? 0];
      // The calls of a node that crashed since ended with it.
      if (node === undefined || node.boots !== boots[row]) return;
      node.calls -= 1;
      // Sums of fractions drift; an empty node carries nothing.
      node.loadMbps = node.calls === 0 ? 0 : node.loadMbps - (bandwidthsMbps[row] ?? 0);
    },
  };
}

function doubled<Rows extends Uint32Array | Float64Array>(rows: Rows, larger: Rows): Rows {
  larger.set(rows);
  return larger;
}
