import type { KeyRing, SigningKey } from '@turn-router/turn-credentials';
import type { KeyTrial, ProbeFault, ProbeResult } from './probe-round.ts';

/** Which key signs the probes, and which one more is tried. */
export interface KeyChoice {
  /** The newest that the server has accepted when last asked; the newest of all while there is none. */
  signing(): SigningKey;
  /** Of the others the one that has not been heard of for the longest, newest first; undefined when there is no other. */
  next(): SigningKey | undefined;
  /** Takes what probes with this key showed. Nothing comes out of it where the server said nothing about the key. */
  note(key: SigningKey, results: readonly ProbeResult[]): KeyTrial[];
}

export function createKeyChoice({ keys }: KeyRing): KeyChoice {
  const accepted = new Set<string>();
  /** Ids of the keys, those last that were heard of last. */
  const heard = new Set<string>();
  const signing = () => keys.find(({ id }) => accepted.has(id)) ?? keys[0];
  return {
    signing,
    next() {
      const others = keys.filter(({ id }) => id !== signing().id);
      const [longestAgo] = [...heard].flatMap((id) => others.find((key) => key.id === id) ?? []);
      return others.find(({ id }) => !heard.has(id)) ?? longestAgo;
    },
    note(key, results) {
      heard.delete(key.id);
      heard.add(key.id);
      const verdicts = results.map(keyVerdict);
      const isAccepted = verdicts.includes('accepted');
      if (!isAccepted && !verdicts.includes('refused')) return [];
      if (isAccepted) accepted.add(key.id);
      else accepted.delete(key.id);
      return [{ keyId: key.id, place: keys.indexOf(key), accepted: isAccepted }];
    },
  };
}

/** Faults that a server finds only in a request that it has authenticated (RFC 8656 §7.2, in this order), and those of a granted relay. */
const faultsPastTheKey: ReadonlySet<ProbeFault> = new Set(['quota_reached', 'no_capacity', 'not_relayed']);

/** What a probe says of the key that signed it; undefined when it says nothing. */
export function keyVerdict(result: ProbeResult): 'accepted' | 'refused' | undefined {
  if (result.ok || faultsPastTheKey.has(result.reason)) return 'accepted';
  return result.reason === 'credentials_refused' ? 'refused' : undefined;
}
