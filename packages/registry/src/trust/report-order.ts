import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** Orders reports as their nodes wrote them, independent of clocks, and holds the newest report of each node. */
export interface ReportOrder {
  /**
   * Takes the changed records of a reading. Ignores a report that is older than the newest known report of its node. A lagging replica can
   * return such a report, also after a failover to that replica.
   *
   * @returns `newest`: the accepted reports; `joined`: those of nodes unknown before
   */
  take(records: readonly NodeRecord[]): {
    readonly newest: readonly NodeRecord[];
    readonly joined: readonly NodeRecord[];
  };
  /** Forgets nodes. @returns the newest reports of the nodes that were known */
  forget(keys: readonly NodeKey[]): readonly NodeRecord[];
  /** Returns the newest report of a node, by its name. */
  newestOf(name: string): NodeRecord | undefined;
  /** Iterates over the newest report of each node. */
  all(): Iterable<NodeRecord>;
  readonly size: () => number;
}

export type ReportOrderEvents = {
  /** Two reporters write under one key: reports of two boots alternate. Called once per node until the node vanishes. */
  onContested(node: string): void;
};

/** The state of one node. */
type Known = {
  record: NodeRecord;
  /** The last `seq` of each boot before that of `record`. */
  formerBoots: ReadonlyMap<string, number>;
  isContested: boolean;
};

/** The number of former boots to remember. Even a lagging replica returns no report from an earlier boot. */
const formerBootsMax = 3;

const none: ReadonlyMap<string, number> = new Map();

/** Accepts reports without `boot_id` or `seq` in the order of arrival. */
export function createReportOrder(events: ReportOrderEvents): ReportOrder {
  const known = new Map<string, Known>();

  /** Stores the report if it is the newest of its node. @returns whether it is */
  function acceptIfNewer(before: Known, record: NodeRecord): boolean {
    const { boot_id: boot, seq } = record.report;
    const { boot_id: lastBoot, seq: lastSeq } = before.record.report;
    if (boot === undefined || seq === undefined || lastBoot === undefined || lastSeq === undefined) {
      before.record = record;
      before.formerBoots = none;
      return true;
    }
    const seqBefore = boot === lastBoot ? lastSeq - 1 : before.formerBoots.get(boot);
    // A report of a former boot that was seen before is outdated. A later report of a former boot comes from a reporter that is still
    // running.
    if (seqBefore !== undefined && seq <= seqBefore) return false;
    before.record = record;
    if (boot === lastBoot) return true;
    const others = [...before.formerBoots].filter(([other]) => other !== boot);
    before.formerBoots = new Map([...others, [lastBoot, lastSeq] as const].slice(-formerBootsMax));
    if (seqBefore !== undefined && !before.isContested) {
      before.isContested = true;
      events.onContested(nodeNameFromKey(record.key));
    }
    return true;
  }

  return {
    take(records) {
      const newest: NodeRecord[] = [];
      const joined: NodeRecord[] = [];
      for (const record of records) {
        const name = nodeNameFromKey(record.key);
        const before = known.get(name);
        if (before === undefined) {
          known.set(name, { record, formerBoots: none, isContested: false });
          joined.push(record);
        }
        if (before === undefined || acceptIfNewer(before, record)) newest.push(record);
      }
      return { newest, joined };
    },
    forget(keys) {
      const forgotten: NodeRecord[] = [];
      for (const key of keys) {
        const name = nodeNameFromKey(key);
        const before = known.get(name);
        if (before === undefined) continue;
        known.delete(name);
        forgotten.push(before.record);
      }
      return forgotten;
    },
    newestOf: (name) => known.get(name)?.record,
    *all() {
      for (const { record } of known.values()) yield record;
    },
    size: () => known.size,
  };
}
