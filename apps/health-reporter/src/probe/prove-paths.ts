import type { SigningKey } from '@turn-router/turn-credentials';
import { keyVerdict } from './key-choice.ts';
import type { PathToServer, ProbePath } from './probe-path.ts';
import type { FailedProbe, ProbeResult } from './probe-round.ts';

/** Runs one full proof; `user` is the user that the TURN server's quotas count. */
export type Prove = (
  way: PathToServer,
  attempt: { key: SigningKey; user: string; ttlSeconds: number },
) => Promise<ProbeResult>;

export type PathProofs = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  /** The results for each tried key; empty if the server refused the keys because of its clock. */
  readonly keyResults: readonly { readonly key: SigningKey; readonly results: readonly ProbeResult[] }[];
};

/** The proofs of a round in which no path is due. */
export const noProofs: PathProofs = { results: new Map(), keyResults: [] };

/** The TTL of the probes' credentials: tolerates clocks that differ by almost a minute, but is useless to a thief; seconds. */
const credentialTtlSeconds = 60;

/** If a credential with this TTL is accepted and the usual one is not, the server's clock is ahead; seconds. */
const longTtlSeconds = 86_400;

const clockAhead: FailedProbe = {
  ok: false,
  reason: 'clock_ahead',
  text: `the TURN server's clock is ahead by ${credentialTtlSeconds} s or more: it treats fresh credentials as expired`,
  relayPort: undefined,
};

/**
 * Proves the paths in parallel, signed with `key`. On the first path with a verdict it also tries `other`. If the server refuses `key`,
 * `other` replaces it. If the server refuses both, a credential with a longer TTL shows whether the clock is the cause.
 */
export async function provePaths(
  ways: readonly PathToServer[],
  { key, other, prove }: { key: SigningKey; other: SigningKey | undefined; prove: Prove },
): Promise<PathProofs> {
  // A separate user for each path and use, so that a quota of one allocation per user does not fail parallel probes.
  const attempt = (way: PathToServer, signer: SigningKey, use = '', ttlSeconds = credentialTtlSeconds) =>
    prove(way, { key: signer, user: `probe-${way.path}${use}`, ttlSeconds });

  const first = ways.map((way) => ({ way, result: attempt(way, key) }));
  const answering = Promise.any(first.map(wayWithVerdict)).catch(() => undefined);
  const trial = answering.then((way) =>
    way === undefined || other === undefined ? undefined : attempt(way, other, '-key'),
  );
  let clockTrial: Promise<ProbeResult> | undefined;

  async function settle(way: PathToServer, result: ProbeResult): Promise<ProbeResult> {
    if (keyVerdict(result) !== 'refused') return result;
    const tried = await trial;
    if (other !== undefined && tried !== undefined && keyVerdict(tried) === 'accepted') return attempt(way, other);
    clockTrial ??= attempt(way, key, '-clock', longTtlSeconds);
    return keyVerdict(await clockTrial) === 'accepted' ? clockAhead : result;
  }
  const results = await Promise.all(
    first.map(async ({ way, result }) => [way.path, await settle(way, await result)] as const),
  );
  const byClock = results.some(([, result]) => result === clockAhead);
  const tried = await trial;
  return {
    results: new Map(results),
    keyResults: byClock
      ? []
      : [
          { key, results: await Promise.all(first.map(({ result }) => result)) },
          ...(other === undefined || tried === undefined ? [] : [{ key: other, results: [tried] }]),
        ],
  };
}

async function wayWithVerdict({ way, result }: { way: PathToServer; result: Promise<ProbeResult> }) {
  const settled = await result;
  if (keyVerdict(settled) !== undefined) return way;
  throw new Error(`${way.path} gives no verdict on the key`);
}
