import { setTimeout as delay } from 'node:timers/promises';
import type { GeoProofs, GeoVerdict } from '@turn-router/geo';
import type { ToPrimary } from './messages.ts';
import type { ProofAnswer } from './proof-desk.ts';

/** After this time without another worker's verdict a worker verifies the file itself, ms. Both bundled files take a tenth of it. */
const defaultTimeoutMs = 60_000;

/** A worker's store of GeoIP verdicts: asks the primary before it verifies a file, and sends it the verdict. */
export type AskedProofs = GeoProofs & { readonly handleAnswer: (answer: ProofAnswer) => void };

export function createAskedProofs(
  send: (message: ToPrimary) => Promise<void>,
  { timeoutMs = defaultTimeoutMs }: { readonly timeoutMs?: number } = {},
): AskedProofs {
  const asked = new Map<string, (verdict: GeoVerdict | undefined) => void>();
  /** Verifications in progress. Several paths may hold the same bytes. */
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
