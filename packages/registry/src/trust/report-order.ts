import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** Puts reports in the order in which their nodes wrote them, whatever the clocks say, and holds the newest of each node. */
export interface ReportOrder {
  /**
   * Takes in what the registry shows anew. One that is older than what is known of its node is left out: a replica that lags or a
   * failover to one hands out the past.
   *
   * @returns those that are the newest of their nodes, and of these the ones of nodes that were not known
   */
  take(records: readonly NodeRecord[]): {
    readonly newest: readonly NodeRecord[];
    readonly joined: readonly NodeRecord[];
  };
  /** Forgets nodes. @returns the newest reports of those that were known */
  forget(keys: readonly NodeKey[]): readonly NodeRecord[];
  /** The newest report of a node, by its name. */
  newestOf(name: string): NodeRecord | undefined;
  /** The newest report of each node. */
  all(): Iterable<NodeRecord>;
  readonly size: () => number;
}

export type ReportOrderEvents = {
  /** Two reporters write under one key: reports of two boots come in turn. Told once for each pair of boots. */
  onContested(node: string): void;
};

/** What is remembered of one node. */
type Known = {
  record: NodeRecord;
  /** The last `seq` of each boot before the one of `record`. */
  formerBoots: ReadonlyMap<string, number>;
  isContested: boolean;
};

/** From more boots back than this nothing comes any more, however far a replica lags. */
const formerBootsMax = 3;

const none: ReadonlyMap<string, number> = new Map();

/** Reports without `boot_id` and `seq` are taken as they come. */
export function createReportOrder(events: ReportOrderEvents): ReportOrder {
  const known = new Map<string, Known>();

  /** @returns whether it is the newest */
  function isTaken(before: Known, record: NodeRecord): boolean {
    const { boot_id: boot, seq } = record.report;
    const { boot_id: lastBoot, seq: lastSeq } = before.record.report;
    if (boot === undefined || seq === undefined || lastBoot === undefined || lastSeq === undefined) {
      before.record = record;
      before.formerBoots = none;
      return true;
    }
    const seqBefore = boot === lastBoot ? lastSeq - 1 : before.formerBoots.get(boot);
    // The last report of a former boot again is the past; a further one comes from a reporter that is still running.
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
        if (before === undefined || isTaken(before, record)) newest.push(record);
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
