import type { KeyRing, SigningKey } from '@turn-router/turn-credentials';
import type { KeyTrial, ProbeFault, ProbeResult } from './probe-round.ts';

/** Chooses the key that signs the probes, and one other key to try. */
export interface KeyChoice {
  /** The newest key that the server accepted at its last trial; the newest of all if there is none. */
  signing(): SigningKey;
  /** Of the other keys the one whose last trial is oldest; keys without a trial come first, newest first. Undefined without another key. */
  next(): SigningKey | undefined;
  /** Records the results of probes with this key. Returns no trial if the server gave no verdict on the key. */
  record(key: SigningKey, results: readonly ProbeResult[]): KeyTrial[];
}

export function createKeyChoice({ keys }: KeyRing): KeyChoice {
  const accepted = new Set<string>();
  /** The ids of the tried keys, the latest trial last. */
  const tried = new Set<string>();
  const signing = () => keys.find(({ id }) => accepted.has(id)) ?? keys[0];
  return {
    signing,
    next() {
      const others = keys.filter(({ id }) => id !== signing().id);
      const [longestAgo] = [...tried].flatMap((id) => others.find((key) => key.id === id) ?? []);
      return others.find(({ id }) => !tried.has(id)) ?? longestAgo;
    },
    record(key, results) {
      tried.delete(key.id);
      tried.add(key.id);
      const verdicts = results.map(keyVerdict);
      const isAccepted = verdicts.includes('accepted');
      if (!isAccepted && !verdicts.includes('refused')) return [];
      if (isAccepted) accepted.add(key.id);
      else accepted.delete(key.id);
      return [{ keyId: key.id, place: keys.indexOf(key), accepted: isAccepted }];
    },
  };
}

/** Faults that a server reports only after authentication (RFC 8656 §7.2, in this order), and faults of a granted relay. */
const faultsPastTheKey: ReadonlySet<ProbeFault> = new Set(['quota_reached', 'no_capacity', 'not_relayed']);

/** The server's verdict on the key that signed a probe; undefined if the result gives none. */
export function keyVerdict(result: ProbeResult): 'accepted' | 'refused' | undefined {
  if (result.ok || faultsPastTheKey.has(result.reason)) return 'accepted';
  return result.reason === 'credentials_refused' ? 'refused' : undefined;
}
