import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { askIntervalMs, createAskPace } from './ask-pace.ts';

/**
 * Follows nodes whose reporter has stopped and may start again (`leaving_seconds` of the report). A leaving node that answers stays for this time. One
 * that does not answer is dropped at once. The time begins when the report is read first. All times are ms of one monotonic clock.
 */
export interface LeavingWatch {
  /** Takes the newest reports of a reading. A report without `leaving_seconds` ends the leaving of its node. */
  takeReports(newest: readonly NodeRecord[], nowMs: number): void;
  /** Forgets nodes, and the answers that they still owe. */
  forget(keys: readonly NodeKey[]): void;
  /** Whether the node stays even if its record disappears from the registry, because its time has not passed. */
  keeps(key: NodeKey): boolean;
  /** Returns the nodes to ask now. A node is returned again only after its answer was taken. */
  takeAsked(nowMs: number): readonly NodeRecord[];
  /**
   * Takes the names of the asked nodes that answered.
   *
   * @returns the nodes that did not answer; the watch has forgotten them
   */
  takeAnswers(asked: readonly NodeRecord[], answered: ReadonlySet<string>): readonly NodeKey[];
  /** Returns the nodes whose time has passed without another report, and forgets them. */
  takeOverdue(nowMs: number): readonly NodeKey[];
}

type LeavingNode = {
  readonly record: NodeRecord;
  readonly endsAtMs: number;
  /** Before the first request, the time when the record was read. */
  nextAskAtMs: number;
  /** Whether the answer to the last request was not taken yet. */
  isAsked: boolean;
};

/**
 * The largest number of nodes to ask after one reading. A client that can write to the registry could otherwise make every router flood an address. If
 * more nodes leave at once, some of them are dropped later than after 3 s.
 */
const askedMax = 500;

/**
 * @param pace the time from one request to the next. A TURN server often stops a few seconds after its reporter. With the timeout of a request, such a
 * node is dropped within 3 s.
 */
export function createLeavingWatch(pace = createAskPace()): LeavingWatch {
  const leaving = new Map<string, LeavingNode>();

  return {
    takeReports(newest, nowMs) {
      for (const record of newest) {
        const name = nodeNameFromKey(record.key);
        const { status, leaving_seconds: seconds } = record.report;
        // Other nodes take no calls, so there is nothing to decide.
        if (seconds === undefined || status !== 'healthy') leaving.delete(name);
        else leaving.set(name, { record, endsAtMs: nowMs + seconds * 1000, nextAskAtMs: nowMs, isAsked: false });
      }
    },
    forget(keys) {
      for (const key of keys) leaving.delete(nodeNameFromKey(key));
    },
    keeps: (key) => leaving.has(nodeNameFromKey(key)),
    takeAsked(nowMs) {
      const due = [...leaving.values()]
        .filter(({ record, nextAskAtMs, isAsked }) => !isAsked && nextAskAtMs <= nowMs && pace.mayAsk(record, nowMs))
        .toSorted((a, b) => a.nextAskAtMs - b.nextAskAtMs)
        .slice(0, askedMax);
      for (const node of due) {
        node.isAsked = true;
        node.nextAskAtMs = nowMs + askIntervalMs;
      }
      const asked = due.map(({ record }) => record);
      pace.noteAsked(asked, nowMs);
      return asked;
    },
    takeAnswers(asked, answered) {
      const silent: NodeKey[] = [];
      for (const record of asked) {
        const name = nodeNameFromKey(record.key);
        const node = leaving.get(name);
        // The node has reported again since it was asked, or its time has passed.
        if (node?.record !== record) continue;
        node.isAsked = false;
        if (answered.has(name)) continue;
        leaving.delete(name);
        silent.push(record.key);
      }
      return silent;
    },
    takeOverdue(nowMs) {
      const overdue = [...leaving].filter(([, { endsAtMs }]) => endsAtMs <= nowMs);
      for (const [name] of overdue) leaving.delete(name);
      return overdue.map(([, { record }]) => record.key);
    },
  };
}
