import FlatQueue from 'flatqueue';
import type { EventSource } from './event-source.ts';
import type { SimulatedNode } from './world.ts';

/** The running calls. Each event is the end of one call. */
export interface RunningCalls extends EventSource {
  readonly begin: (node: SimulatedNode, bandwidthMbps: number, endSecond: number) => void;
}

/** Stores calls in typed arrays instead of objects, because a simulated day has tens of millions of calls. */
export function createRunningCalls(nodes: readonly SimulatedNode[]): RunningCalls {
  /** Row numbers, ordered by the end of their call. */
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
      // The node has crashed since the call began. The crash has already ended the call.
      if (node === undefined || node.boots !== boots[row]) return;
      node.calls -= 1;
      // Rounding errors add up, so an empty node is reset to 0.
      node.loadMbps = node.calls === 0 ? 0 : node.loadMbps - (bandwidthsMbps[row] ?? 0);
    },
  };
}

function doubled<Rows extends Uint32Array | Float64Array>(rows: Rows, larger: Rows): Rows {
  larger.set(rows);
  return larger;
}
