import { nodeNameFromKey } from '@turn-router/contract';
import type { NodeRecord } from '../node-registry.ts';

/** Puts reports in the order in which their nodes wrote them, whatever the clocks say. */
export interface ReportOrder {
  /**
   * The records of a reading, each one that is older than what was known of its node replaced by that: a replica that lags or a
   * failover to one hands out the past.
   */
  newest(records: readonly NodeRecord[]): readonly NodeRecord[];
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
  seenInReading: number;
};

/** From more boots back than this nothing comes any more, however far a replica lags. */
const formerBootsMax = 3;

const none: ReadonlyMap<string, number> = new Map();

/** Reports without `boot_id` and `seq` are taken as they come. */
export function createReportOrder(events: ReportOrderEvents): ReportOrder {
  const known = new Map<string, Known>();
  let readings = 0;
  /** Of the last reading: most of it stands in the same place in the next one, and need not be looked up by name. */
  let lastRecords: readonly NodeRecord[] = [];
  let lastKnown: readonly Known[] = [];

  /** @param before what is known of the node, if its place has told already */
  function knownOf(record: NodeRecord, before: Known | undefined): Known {
    const now = before ?? known.get(nodeNameFromKey(record.key));
    if (now !== undefined) {
      take(now, record);
      return now;
    }
    const first = { record, formerBoots: none, isContested: false, seenInReading: 0 };
    known.set(nodeNameFromKey(record.key), first);
    return first;
  }

  function take(before: Known, record: NodeRecord): void {
    if (before.record === record) return;
    const { boot_id: boot, seq } = record.report;
    const { boot_id: lastBoot, seq: lastSeq } = before.record.report;
    if (boot === undefined || seq === undefined || lastBoot === undefined || lastSeq === undefined) {
      before.record = record;
      before.formerBoots = none;
      return;
    }
    const seqBefore = boot === lastBoot ? lastSeq - 1 : before.formerBoots.get(boot);
    // The last report of a former boot again is the past; a further one comes from a reporter that is still running.
    if (seqBefore !== undefined && seq <= seqBefore) return;
    before.record = record;
    if (boot === lastBoot) return;
    const others = [...before.formerBoots].filter(([other]) => other !== boot);
    before.formerBoots = new Map([...others, [lastBoot, lastSeq] as const].slice(-formerBootsMax));
    if (seqBefore !== undefined && !before.isContested) {
      before.isContested = true;
      events.onContested(nodeNameFromKey(record.key));
    }
  }

  function forgetUnseen(): void {
    for (const [node, { seenInReading }] of known) if (seenInReading !== readings) known.delete(node);
  }

  return {
    newest(records) {
      readings += 1;
      lastKnown = records.map((record, index) => {
        const hasSamePlace = lastRecords[index]?.key === record.key;
        const now = knownOf(record, hasSamePlace ? lastKnown[index] : undefined);
        now.seenInReading = readings;
        return now;
      });
      lastRecords = records;
      if (known.size > records.length) forgetUnseen();
      return lastKnown.map(({ record }) => record);
    },
  };
}
