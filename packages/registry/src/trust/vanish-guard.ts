import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { createAskPace } from './ask-pace.ts';

/**
 * Decides whether nodes that vanished from the registry are gone, or the registry has failed. Several nodes that vanish together are a group;
 * they are kept and checked. All times are ms of one monotonic clock.
 */
export interface VanishGuard {
  /** Takes the joined and vanished nodes of a reading, even when there are none. `left`: nodes that are known to be gone. They are not checked. */
  takeReading(
    change: {
      readonly joined: readonly NodeRecord[];
      readonly gone: readonly NodeRecord[];
      readonly left?: readonly NodeRecord[];
    },
    serverId: string | undefined,
    settings: VanishSettings,
    nowMs: number,
  ): void;
  /** Takes a failed reading: nodes that vanish next may have vanished because of the registry. */
  takeFailure(nowMs: number): void;
  /** Returns the nodes to check now. A node is returned again only after its result was taken. */
  takeSuspects(nowMs: number): readonly NodeRecord[];
  /** Takes the results of a check: the checked nodes, and the names of those that answered. */
  takeAnswers(checked: readonly NodeRecord[], answered: ReadonlySet<string>, nowMs: number): void;
  /** Returns the nodes that serve although they vanished from the registry. */
  kept(): readonly NodeRecord[];
}

export type VanishSettings = Policy['trust'];

export type VanishGuardEvents = {
  /**
   * Nodes vanished suspiciously. They are kept until they have been checked. Each node is named once. The reports of a group expire at
   * different times, so a group vanishes in several parts. `isFollowing` is true if another part vanished within the window.
   */
  onSuspicion?(names: readonly string[], isFollowing: boolean): void;
  /**
   * The result of a check. Called for each node after its first check, and again when a kept node stops answering. `because: 'fault'`: no
   * node answered, and the registry itself has shown a fault.
   */
  onVerdict?(verdict: VanishVerdict): void;
};

export type VanishVerdict = {
  readonly kept: readonly string[];
  readonly gone: readonly string[];
  readonly because: 'answers' | 'fault' | 'silence';
  /** Whether the same result was reported for another part of the group. */
  readonly isFollowing: boolean;
};

type Suspect = {
  readonly record: NodeRecord;
  readonly vanishedAtMs: number;
  /**
   * `lone`: treated as gone, but stored, because more nodes may vanish. `checking`: kept until the first result. `gone`: did not answer.
   */
  state: 'lone' | 'checking' | 'kept' | 'gone';
  isInGroup: boolean;
  isFirstCheck: boolean;
  nextCheckAtMs: number;
};

/** Time from a kept node's answer to its next check, ms. The node may still die. */
const recheckIntervalMs = 10_000;

/**
 * If this share of a registry's nodes vanishes between two readings, the registry was emptied. Reports of dead nodes would expire one after
 * the other, because they were written one after the other.
 */
const emptiedShare = 0.9;

/** The smallest number of nodes that count as a group. */
const groupMin = 2;

export function createVanishGuard(events: VanishGuardEvents, pace = createAskPace()): VanishGuard {
  /** The number of nodes in the registry, by region and in total. */
  const presentIn = new Map<string, number>();
  let present = 0;
  let serverId: string | undefined;
  let settings: VanishSettings = { vanishWindowSeconds: 0, suspiciousShare: 1, keepSeconds: 0 };
  /**
   * The last time when the registry could not be read, was replaced by another server, or was emptied. `breakAtMs` is the same without
   * the emptying.
   */
  let faultAtMs = Number.NEGATIVE_INFINITY;
  let breakAtMs = Number.NEGATIVE_INFINITY;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let suspectedAtMs = Number.NEGATIVE_INFINITY;
  /** The results reported for the group that is vanishing now. */
  const reportedVerdicts = new Set<string>();
  const suspects = new Map<string, Suspect>();

  const windowMs = () => settings.vanishWindowSeconds * 1000;
  const isRecent = (atMs: number, nowMs: number) => nowMs - atMs <= windowMs();

  function forgetOld(nowMs: number): void {
    const keepMs = settings.keepSeconds * 1000;
    for (const [name, { state, vanishedAtMs }] of suspects) {
      const limitMs = state === 'checking' || state === 'kept' ? keepMs : windowMs();
      if (nowMs - vanishedAtMs > limitMs) suspects.delete(name);
    }
  }

  /** Returns the nodes that vanished together. In their region or in the registry, these are too many for independent failures. */
  function findGroup(nowMs: number): ReadonlySet<string> {
    const recent = [...suspects].filter(([, { vanishedAtMs }]) => isRecent(vanishedAtMs, nowMs));
    if (recent.length < groupMin) return new Set();
    const vanishedIn = countByRegion(recent.map(([, { record }]) => record));
    const isGroup = (gone: number, left: number) => gone >= groupMin && gone > settings.suspiciousShare * (gone + left);
    const isRegistryWide = isGroup(recent.length, present);
    const isInGroup = ({ key: { region } }: NodeRecord) =>
      isRegistryWide || isGroup(vanishedIn.get(region) ?? 0, presentIn.get(region) ?? 0);
    return new Set(recent.filter(([, { record }]) => isInGroup(record)).map(([name]) => name));
  }

  function countPresent(records: readonly NodeRecord[], step: 1 | -1): void {
    present += step * records.length;
    for (const { key } of records) presentIn.set(key.region, (presentIn.get(key.region) ?? 0) + step);
  }

  function startChecks(nowMs: number): void {
    const group = findGroup(nowMs);
    // If the registry could not be read or is another server, even a single node is checked. It is kept only if it answers.
    const isBroken = isRecent(breakAtMs, nowMs);
    const fresh = [...suspects].filter(([name, { state }]) => state === 'lone' && (isBroken || group.has(name)));
    for (const [name, vanished] of fresh) {
      vanished.state = 'checking';
      vanished.isInGroup = group.has(name);
      vanished.nextCheckAtMs = nowMs;
    }
    if (fresh.length === 0) return;
    const isFollowing = isRecent(suspectedAtMs, nowMs);
    if (!isFollowing) reportedVerdicts.clear();
    suspectedAtMs = nowMs;
    events.onSuspicion?.(
      fresh.map(([name]) => name),
      isFollowing,
    );
  }

  return {
    takeReading({ joined, gone, left = [] }, nextServerId, nextSettings, nowMs) {
      settings = nextSettings;
      // Only healthy nodes take calls: no other node needs to be kept.
      const vanished = gone.filter(({ report }) => report.status === 'healthy');
      const isEmptied = vanished.length > 0 && vanished.length >= emptiedShare * present;
      const isOtherServer = serverId !== undefined && nextServerId !== undefined && serverId !== nextServerId;
      if (isOtherServer) breakAtMs = nowMs;
      if (isEmptied || isOtherServer) faultAtMs = nowMs;
      serverId = nextServerId ?? serverId;
      countPresent(joined, 1);
      countPresent(gone, -1);
      countPresent(left, -1);

      if (suspects.size > 0) for (const { key } of joined) suspects.delete(nodeNameFromKey(key));
      for (const record of vanished) {
        suspects.set(nodeNameFromKey(record.key), {
          record,
          vanishedAtMs: nowMs,
          state: 'lone',
          isInGroup: false,
          isFirstCheck: true,
          nextCheckAtMs: nowMs,
        });
      }
      forgetOld(nowMs);
      startChecks(nowMs);
    },

    takeFailure(nowMs) {
      breakAtMs = nowMs;
      faultAtMs = nowMs;
    },

    takeSuspects(nowMs) {
      forgetOld(nowMs);
      const due = [...suspects.values()].filter(
        ({ record, state, nextCheckAtMs }) =>
          (state === 'checking' || state === 'kept') && nextCheckAtMs <= nowMs && pace.mayAsk(record, nowMs),
      );
      for (const vanished of due) vanished.nextCheckAtMs = Number.POSITIVE_INFINITY;
      const asked = due.map(({ record }) => record);
      pace.noteAsked(asked, nowMs);
      return asked;
    },

    takeAnswers(checked, answered, nowMs) {
      if (answered.size > 0) answeredAtMs = nowMs;
      const kept: string[] = [];
      const gone: string[] = [];
      for (const record of checked) {
        const name = nodeNameFromKey(record.key);
        const vanished = suspects.get(name);
        // The node has reported again since the check began, or `keepSeconds` have passed.
        if (vanished?.record !== record) continue;
        const isRegistryAtFault = vanished.vanishedAtMs - faultAtMs <= windowMs() && answeredAtMs < faultAtMs;
        const stays = answered.has(name) || (vanished.isInGroup && isRegistryAtFault);
        vanished.state = stays ? 'kept' : 'gone';
        vanished.nextCheckAtMs = nowMs + recheckIntervalMs;
        if (vanished.isFirstCheck || !stays) (stays ? kept : gone).push(name);
        vanished.isFirstCheck = false;
      }
      if (kept.length + gone.length === 0) return;
      const because = answered.size > 0 ? 'answers' : kept.length > 0 ? 'fault' : 'silence';
      const verdict = [because, kept.length > 0, gone.length > 0].join();
      events.onVerdict?.({ kept, gone, because, isFollowing: reportedVerdicts.has(verdict) });
      reportedVerdicts.add(verdict);
    },

    kept: () =>
      [...suspects.values()]
        .filter(({ state }) => state === 'checking' || state === 'kept')
        .map(({ record }) => record),
  };
}

function countByRegion(records: Iterable<NodeRecord>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of records) counts.set(key.region, (counts.get(key.region) ?? 0) + 1);
  return counts;
}
