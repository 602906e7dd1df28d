import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';

/** Decides whether nodes that are not in the registry any more are gone, or the registry has failed. All times are ms of one monotonic clock. */
export interface VanishGuard {
  /** Takes in who has come and gone with a reading of the registry; also when nobody has. */
  takeReading(
    change: { readonly joined: readonly NodeRecord[]; readonly gone: readonly NodeRecord[] },
    serverId: string | undefined,
    settings: VanishSettings,
    nowMs: number,
  ): void;
  /** The registry could not be read: whatever vanishes next may be its doing. */
  takeFailure(nowMs: number): void;
  /** Who is to be asked now whether it is still there; each is given out once until its answer is taken. */
  takeSuspects(nowMs: number): readonly NodeRecord[];
  /** Takes in what came of asking: the names of those that answered, of all that were asked. */
  takeAnswers(asked: readonly NodeRecord[], answered: ReadonlySet<string>, nowMs: number): void;
  /** Nodes that serve although they are not in the registry. */
  kept(): readonly NodeRecord[];
}

export type VanishSettings = Policy['trust'];

export type VanishGuardEvents = {
  /**
   * Nodes whose vanishing is not believed: they are kept until they have been asked. Each is named once. A crowd comes in several parts,
   * as its reports run out: `isFollowing` when another part came within the window.
   */
  onSuspicion?(names: readonly string[], isFollowing: boolean): void;
  /**
   * What came of asking, for each node the first time, and again when one no longer answers. `fault`: nobody answered, and the registry
   * itself has shown a fault.
   */
  onVerdict?(verdict: VanishVerdict): void;
};

export type VanishVerdict = {
  readonly kept: readonly string[];
  readonly gone: readonly string[];
  readonly because: 'answers' | 'fault' | 'silence';
  /** The same verdict was told of another part of the crowd. */
  readonly isFollowing: boolean;
};

type Suspect = {
  readonly record: NodeRecord;
  readonly vanishedAtMs: number;
  /** `lone` is gone, but remembered: more may follow it. `gone` was asked in vain. */
  state: 'lone' | 'asked' | 'kept' | 'gone';
  isInCrowd: boolean;
  isFirstAsking: boolean;
  nextAskAtMs: number;
};

/** A kept node is asked again this long after its answer, ms, since it may yet die. */
const askAgainMs = 10_000;

/**
 * When so much of a registry vanishes between two readings it was emptied: reports run out one after the other, since they came one after
 * the other.
 */
const emptiedShare = 0.9;

/** At least this many are a crowd. */
const crowdMin = 2;

export function createVanishGuard(events: VanishGuardEvents): VanishGuard {
  /** Nodes in the registry, by region, and all of them. */
  const presentIn = new Map<string, number>();
  let present = 0;
  let serverId: string | undefined;
  let settings: VanishSettings = { vanishWindowSeconds: 0, suspiciousShare: 1, keepSeconds: 0 };
  /** When the registry last could not be read, was another one, or was emptied; and the first two of these alone. */
  let faultAtMs = Number.NEGATIVE_INFINITY;
  let breakAtMs = Number.NEGATIVE_INFINITY;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let suspectedAtMs = Number.NEGATIVE_INFINITY;
  /** Of the crowd that is vanishing. */
  const verdictsTold = new Set<string>();
  const suspects = new Map<string, Suspect>();

  const windowMs = () => settings.vanishWindowSeconds * 1000;
  const isRecent = (atMs: number, nowMs: number) => nowMs - atMs <= windowMs();

  function forgetOld(nowMs: number): void {
    const keepMs = settings.keepSeconds * 1000;
    for (const [name, { state, vanishedAtMs }] of suspects) {
      const limitMs = state === 'asked' || state === 'kept' ? keepMs : windowMs();
      if (nowMs - vanishedAtMs > limitMs) suspects.delete(name);
    }
  }

  /** Those that are too many, in their region or in the registry, to have vanished each for itself. */
  function crowd(nowMs: number): ReadonlySet<string> {
    const recent = [...suspects].filter(([, { vanishedAtMs }]) => isRecent(vanishedAtMs, nowMs));
    if (recent.length < crowdMin) return new Set();
    const vanishedIn = countByRegion(recent.map(([, { record }]) => record));
    const isCrowd = (gone: number, left: number) => gone >= crowdMin && gone > settings.suspiciousShare * (gone + left);
    const isWhole = isCrowd(recent.length, present);
    const isOfCrowd = ({ key: { region } }: NodeRecord) =>
      isWhole || isCrowd(vanishedIn.get(region) ?? 0, presentIn.get(region) ?? 0);
    return new Set(recent.filter(([, { record }]) => isOfCrowd(record)).map(([name]) => name));
  }

  function countPresent(records: readonly NodeRecord[], step: 1 | -1): void {
    present += step * records.length;
    for (const { key } of records) presentIn.set(key.region, (presentIn.get(key.region) ?? 0) + step);
  }

  function suspect(nowMs: number): void {
    const crowded = crowd(nowMs);
    // After a break of the registry even one is asked: but it has to answer.
    const isBroken = isRecent(breakAtMs, nowMs);
    const fresh = [...suspects].filter(([name, { state }]) => state === 'lone' && (isBroken || crowded.has(name)));
    for (const [name, vanished] of fresh) {
      vanished.state = 'asked';
      vanished.isInCrowd = crowded.has(name);
      vanished.nextAskAtMs = nowMs;
    }
    if (fresh.length === 0) return;
    const isFollowing = isRecent(suspectedAtMs, nowMs);
    if (!isFollowing) verdictsTold.clear();
    suspectedAtMs = nowMs;
    events.onSuspicion?.(
      fresh.map(([name]) => name),
      isFollowing,
    );
  }

  return {
    takeReading({ joined, gone }, nextServerId, nextSettings, nowMs) {
      settings = nextSettings;
      // Those that took no calls are not missed.
      const vanished = gone.filter(({ report }) => report.status === 'healthy');
      const isEmptied = vanished.length > 0 && vanished.length >= emptiedShare * present;
      const isOtherServer = serverId !== undefined && nextServerId !== undefined && serverId !== nextServerId;
      if (isOtherServer) breakAtMs = nowMs;
      if (isEmptied || isOtherServer) faultAtMs = nowMs;
      serverId = nextServerId ?? serverId;
      countPresent(joined, 1);
      countPresent(gone, -1);

      if (suspects.size > 0) for (const { key } of joined) suspects.delete(nodeNameFromKey(key));
      for (const record of vanished) {
        suspects.set(nodeNameFromKey(record.key), {
          record,
          vanishedAtMs: nowMs,
          state: 'lone',
          isInCrowd: false,
          isFirstAsking: true,
          nextAskAtMs: nowMs,
        });
      }
      forgetOld(nowMs);
      suspect(nowMs);
    },

    takeFailure(nowMs) {
      breakAtMs = nowMs;
      faultAtMs = nowMs;
    },

    takeSuspects(nowMs) {
      forgetOld(nowMs);
      const due = [...suspects.values()].filter(
        ({ state, nextAskAtMs }) => (state === 'asked' || state === 'kept') && nextAskAtMs <= nowMs,
      );
      for (const vanished of due) vanished.nextAskAtMs = Number.POSITIVE_INFINITY;
      return due.map(({ record }) => record);
    },

    takeAnswers(asked, answered, nowMs) {
      if (answered.size > 0) answeredAtMs = nowMs;
      const kept: string[] = [];
      const gone: string[] = [];
      for (const record of asked) {
        const name = nodeNameFromKey(record.key);
        const vanished = suspects.get(name);
        // It has reported again meanwhile, or its time was up.
        if (vanished?.record !== record) continue;
        const isRegistryAtFault = vanished.vanishedAtMs - faultAtMs <= windowMs() && answeredAtMs < faultAtMs;
        const stays = answered.has(name) || (vanished.isInCrowd && isRegistryAtFault);
        vanished.state = stays ? 'kept' : 'gone';
        vanished.nextAskAtMs = nowMs + askAgainMs;
        if (vanished.isFirstAsking || !stays) (stays ? kept : gone).push(name);
        vanished.isFirstAsking = false;
      }
      if (kept.length + gone.length === 0) return;
      const because = answered.size > 0 ? 'answers' : kept.length > 0 ? 'fault' : 'silence';
      const verdict = [because, kept.length > 0, gone.length > 0].join();
      events.onVerdict?.({ kept, gone, because, isFollowing: verdictsTold.has(verdict) });
      verdictsTold.add(verdict);
    },

    kept: () =>
      [...suspects.values()].filter(({ state }) => state === 'asked' || state === 'kept').map(({ record }) => record),
  };
}

function countByRegion(records: Iterable<NodeRecord>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of records) counts.set(key.region, (counts.get(key.region) ?? 0) + 1);
  return counts;
}
