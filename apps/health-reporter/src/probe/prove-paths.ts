import type { SigningKey } from '@turn-router/turn-credentials';
import { keyOutcome } from './key-choice.ts';
import type { PathToServer, ProbePath } from './probe-path.ts';
import type { FailedProbe, ProbeResult } from './probe-round.ts';

/** Runs one full proof. The TURN server counts the allocation for the quota of `user`. */
export type Prove = (
  way: PathToServer,
  attempt: { key: SigningKey; user: string; ttlSeconds: number },
) => Promise<ProbeResult>;

export type PathProofs = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  /** The results for each tried key. Empty if the server refused the keys because of its clock. */
  readonly keyResults: readonly { readonly key: SigningKey; readonly results: readonly ProbeResult[] }[];
};

/** The proofs of a round in which no path needs a full proof. */
export const noProofs: PathProofs = { results: new Map(), keyResults: [] };

/** The TTL of the probes' credentials, seconds. It tolerates clocks that differ by almost a minute, and is too short for a thief. */
const credentialTtlSeconds = 60;

/** The TTL of the credential that tests the clock, seconds. If the server accepts it and refuses the usual credential, the server's clock is ahead. */
const longTtlSeconds = 86_400;

const clockAhead: FailedProbe = {
  ok: false,
  reason: 'clock_ahead',
  text: `the TURN server's clock is ahead by ${credentialTtlSeconds} s or more, so it refuses fresh credentials as expired`,
  relayPort: undefined,
};

/**
 * Proves the paths in parallel.
 *
 * 1. The proofs are signed with `key`.
 * 2. On the first path that shows whether the server accepts `key`, the key `other` is tried, too.
 * 3. If the server refuses `key` and accepts `other`, the proofs are repeated with `other`.
 * 4. If the server refuses both keys, a credential with a longer TTL shows whether the server's clock is the cause.
 */
export async function provePaths(
  ways: readonly PathToServer[],
  { key, other, prove }: { key: SigningKey; other: SigningKey | undefined; prove: Prove },
): Promise<PathProofs> {
  // Each path and each purpose has a separate user. So parallel probes pass even if a quota allows one allocation per user.
  const attempt = (way: PathToServer, signer: SigningKey, use = '', ttlSeconds = credentialTtlSeconds) =>
    prove(way, { key: signer, user: `probe-${way.path}${use}`, ttlSeconds });

  const first = ways.map((way) => ({ way, result: attempt(way, key) }));
  const answering = Promise.any(first.map(wayWithOutcome)).catch(() => undefined);
  const trial = answering.then((way) =>
    way === undefined || other === undefined ? undefined : attempt(way, other, '-key'),
  );
  let clockTrial: Promise<ProbeResult> | undefined;

  async function settle(way: PathToServer, result: ProbeResult): Promise<ProbeResult> {
    if (keyOutcome(result) !== 'refused') return result;
    const tried = await trial;
    if (other !== undefined && tried !== undefined && keyOutcome(tried) === 'accepted') return attempt(way, other);
    clockTrial ??= attempt(way, key, '-clock', longTtlSeconds);
    return keyOutcome(await clockTrial) === 'accepted' ? clockAhead : result;
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

async function wayWithOutcome({ way, result }: { way: PathToServer; result: Promise<ProbeResult> }) {
  const settled = await result;
  if (keyOutcome(settled) !== undefined) return way;
  throw new Error(`the result of ${way.path} does not show whether the server accepts the key`);
}
