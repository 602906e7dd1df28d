import { setTimeout as delay } from 'node:timers/promises';
import type { GeoProofs, GeoVerdict } from '@turn-router/geo';
import type { ToPrimary } from './messages.ts';
import type { ProofAnswer } from './proof-desk.ts';

/**
 * If no result of another worker arrives within this time, the worker checks the file itself, ms. Checking both bundled files takes a tenth of this
 * time.
 */
const defaultTimeoutMs = 60_000;

/**
 * A worker's store for the results of GeoIP file checks. Before the worker checks a file, it asks the primary. Afterwards it sends the result to
 * the primary.
 */
export type AskedProofs = GeoProofs & { readonly handleAnswer: (answer: ProofAnswer) => void };

export function createAskedProofs(
  send: (message: ToPrimary) => Promise<void>,
  { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
): AskedProofs {
  const asked = new Map<string, (verdict: GeoVerdict | undefined) => void>();
  /** Checks in progress. Several paths may hold the same bytes. */
  const pending = new Map<string, Promise<GeoVerdict>>();

  async function ask(digest: string): Promise<GeoVerdict | undefined> {
    const answered = new AbortController();
    const answer = new Promise<GeoVerdict | undefined>((resolve) => asked.set(digest, resolve));
    void send({ kind: 'claim_geo_proof', digest });
    const verdict = await Promise.race([answer, delay(timeoutMs, undefined, { ref: false, signal: answered.signal })]);
    answered.abort();
    asked.delete(digest);
    return verdict;
  }

  async function askOrProve(digest: string, prove: () => Promise<GeoVerdict>): Promise<GeoVerdict> {
    const known = await ask(digest);
    if (known !== undefined) return known;
    let verdict: GeoVerdict | undefined;
    try {
      verdict = await prove();
      return verdict;
    } finally {
      void send({ kind: 'geo_verdict', digest, verdict });
    }
  }

  return {
    verdictOn(digest, prove) {
      const proof = pending.get(digest) ?? askOrProve(digest, prove).finally(() => void pending.delete(digest));
      pending.set(digest, proof);
      return proof;
    },
    handleAnswer: ({ digest, verdict }) => asked.get(digest)?.(verdict),
  };
}
