import type { ProbeFault, ProbeResult } from './probe-round.ts';

/** Faults that a server finds only in a request that it has authenticated (RFC 8656 §7.2, in this order), and those of a granted relay. */
const faultsPastTheKey: ReadonlySet<ProbeFault> = new Set(['quota_reached', 'no_capacity', 'not_relayed']);

/** What a probe says of the key that signed it; undefined when it says nothing. */
export function keyVerdict(result: ProbeResult): 'accepted' | 'refused' | undefined {
  if (result.ok || faultsPastTheKey.has(result.reason)) return 'accepted';
  return result.reason === 'credentials_refused' ? 'refused' : undefined;
}
