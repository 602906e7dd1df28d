import type { ReportedNode } from '@turn-router/selection';
import type { SimulatedNode } from './world.ts';

/** The registry that reporters write and routers read. */
export interface SimulatedRegistry {
  readonly put: (node: SimulatedNode, reported: ReportedNode, atSecond: number) => void;
  /** Removes the record of a node that stopped reporting at this time. Keeps the record if the node has reported again. */
  readonly expire: (node: SimulatedNode, atSecond: number) => void;
  /** Removes the node's record at once. */
  readonly remove: (node: SimulatedNode) => void;
  /** Returns the same list object as long as no record changes. */
  readonly read: (atSecond: number) => readonly ReportedNode[];
}

/** @param lagSeconds delay from `put` until `read` returns the record */
export function createSimulatedRegistry(lagSeconds: number): SimulatedRegistry {
  const records = new Map<number, ReportedNode>();
  let arriving: { index: number; reported: ReportedNode; atSecond: number }[] = [];
  let expiring: { index: number; record: ReportedNode | undefined; atSecond: number }[] = [];
  let lastRead: readonly ReportedNode[] | undefined;

  const show = (index: number, reported: ReportedNode) => {
    records.set(index, reported);
    lastRead = undefined;
  };
  const hide = (index: number) => {
    if (records.delete(index)) lastRead = undefined;
  };

  return {
    put: ({ index }, reported, atSecond) => {
      if (lagSeconds === 0) show(index, reported);
      else arriving.push({ index, reported, atSecond: atSecond + lagSeconds });
    },
    expire: ({ index }, atSecond) => {
      const record = arriving.findLast((put) => put.index === index)?.reported ?? records.get(index);
      expiring.push({ index, record, atSecond: atSecond + lagSeconds });
    },
    remove: ({ index }) => {
      arriving = arriving.filter((put) => put.index !== index);
      hide(index);
    },
    read: (atSecond) => {
      if (arriving.length > 0) {
        const waiting = arriving.findIndex((put) => put.atSecond > atSecond);
        for (const { index, reported } of arriving.splice(0, waiting === -1 ? arriving.length : waiting)) {
          show(index, reported);
        }
      }
      if (expiring.length > 0) {
        for (const { index, record } of expiring.filter((end) => end.atSecond <= atSecond)) {
          // If the node has reported since then, its record stays.
          if (records.get(index) === record) hide(index);
        }
        expiring = expiring.filter((end) => end.atSecond > atSecond);
      }
      lastRead ??= [...records.values()];
      return lastRead;
    },
  };
}
