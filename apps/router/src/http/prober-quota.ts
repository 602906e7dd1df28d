import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { ProblemError } from '../problem-error.ts';

const windowMs = 60_000;

/** Probers that are counted in one window. Only holders of REPORTER_TOKEN can name more. */
const probersMax = 50_000;

/**
 * Counts a request of a prober.
 *
 * @throws ProblemError `rate_limited` if the prober has sent too many in this minute
 */
export type ProberQuota = (prober: NodeKey) => void;

/**
 * Bounds the requests of each prober in a minute, in this process. All probers have the same minutes.
 *
 * @param what for people, such as `proofs`
 */
export function createProberQuota(what: string, perMinute: number, monotonicNowMs: () => number): ProberQuota {
  const counts = new Map<string, number>();
  let startMs = monotonicNowMs();
  return (prober) => {
    const nowMs = monotonicNowMs();
    if (nowMs - startMs >= windowMs) {
      counts.clear();
      startMs = nowMs;
    }
    const name = nodeNameFromKey(prober);
    const count = counts.get(name) ?? (counts.size < probersMax ? 0 : perMinute);
    if (count >= perMinute) {
      throw new ProblemError(
        'rate_limited',
        `Too many ${what} by this prober: expected at most ${perMinute} a minute in each process of the router`,
        { retryAfterSeconds: Math.max(1, Math.ceil((startMs + windowMs - nowMs) / 1_000)) },
      );
    }
    counts.set(name, count + 1);
  };
}
