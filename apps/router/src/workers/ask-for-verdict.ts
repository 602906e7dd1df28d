import { setTimeout as delay } from 'node:timers/promises';
import type { GeoProofs, GeoVerdict } from '@turn-router/geo';
import type { ToPrimary } from './messages.ts';
import type { ProofAnswer } from './proof-desk.ts';

/** A worker that has waited so long for another's proof makes its own, ms; ten times what both bundled files take. */
const defaultPatienceMs = 60_000;

/** A worker's side of proving: asks the primary before it proves anything, and tells it what came of it. */
export type AskedProofs = GeoProofs & { readonly hear: (answer: ProofAnswer) => void };

export function createAskedProofs(
  say: (message: ToPrimary) => Promise<void>,
  { patienceMs = defaultPatienceMs }: { readonly patienceMs?: number } = {},
): AskedProofs {
  const asked = new Map<string, (verdict: GeoVerdict | undefined) => void>();
  /** Several paths may lead to the same bytes. */
  const underWay = new Map<string, Promise<GeoVerdict>>();

  async function ask(digest: string): Promise<GeoVerdict | undefined> {
    const enough = new AbortController();
    const answer = new Promise<GeoVerdict | undefined>((resolve) => asked.set(digest, resolve));
    void say({ kind: 'claim_geo_proof', digest });
    const verdict = await Promise.race([answer, delay(patienceMs, undefined, { ref: false, signal: enough.signal })]);
    enough.abort();
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
      void say({ kind: 'geo_verdict', digest, verdict });
    }
  }

  return {
    verdictOn(digest, prove) {
      const proof = underWay.get(digest) ?? askOrProve(digest, prove).finally(() => void underWay.delete(digest));
      underWay.set(digest, proof);
      return proof;
    },
    hear: ({ digest, verdict }) => asked.get(digest)?.(verdict),
  };
}
