import type { KeyRing, SigningKey } from '@turn-router/turn-credentials';
import type { KeyTrial, ProbeFault, ProbeResult } from './probe-round.ts';

/** Chooses the key that signs the probes, and one other key for a trial. */
export interface KeyChoice {
  /** Returns the newest key that the server accepted at the key's last trial. If no key was accepted, returns the newest key. */
  signing(): SigningKey;
  /** Returns the other key to try: the newest key without a trial, or else the key whose last trial is oldest. Undefined if there is only one key. */
  next(): SigningKey | undefined;
  /** Records the results of probes with this key. Returns no trial if the results do not show whether the server accepts the key. */
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
      const outcomes = results.map(keyOutcome);
      const isAccepted = outcomes.includes('accepted');
      if (!isAccepted && !outcomes.includes('refused')) return [];
      if (isAccepted) accepted.add(key.id);
      else accepted.delete(key.id);
      return [{ keyId: key.id, place: keys.indexOf(key), accepted: isAccepted }];
    },
  };
}

/** Faults that show an accepted key: faults that a server reports only after authentication (RFC 8656 §7.2), and faults of a granted relay. */
const faultsPastTheKey: ReadonlySet<ProbeFault> = new Set(['quota_reached', 'no_capacity', 'not_relayed']);

/** Returns whether the server accepted the key that signed a probe; undefined if the result does not show this. */
export function keyOutcome(result: ProbeResult): 'accepted' | 'refused' | undefined {
  if (result.ok || faultsPastTheKey.has(result.reason)) return 'accepted';
  return result.reason === 'credentials_refused' ? 'refused' : undefined;
}
