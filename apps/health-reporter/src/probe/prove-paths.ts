import type { SigningKey } from '@turn-router/turn-credentials';
import { keyVerdict } from './key-choice.ts';
import type { PathToServer, ProbePath } from './probe-path.ts';
import type { FailedProbe, ProbeResult } from './probe-round.ts';

/** One full proof, for a user of the TURN server's own quotas. */
export type Prove = (
  way: PathToServer,
  attempt: { key: SigningKey; user: string; ttlSeconds: number },
) => Promise<ProbeResult>;

export type PathProofs = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  /** What each key got to hear; nothing where it was the clock that made the server refuse them. */
  readonly heard: readonly { readonly key: SigningKey; readonly results: readonly ProbeResult[] }[];
};

/** When no path is due. */
export const noProofs: PathProofs = { results: new Map(), heard: [] };

/** Long enough for clocks that differ by most of a minute, short enough to be worth nothing to a thief; seconds. */
const credentialTtlSeconds = 60;

/** A credential of this life that is accepted where the usual one is not tells that the server's clock is ahead; seconds. */
const longTtlSeconds = 86_400;

const clockAhead: FailedProbe = {
  ok: false,
  reason: 'clock_ahead',
  text: `the TURN server's clock is ahead by ${credentialTtlSeconds} s or more, so that it takes fresh credentials for expired ones`,
  relayPort: undefined,
};

/**
 * Proves the paths side by side, signed with `key`. On the first path that answers `other` is tried, too, and where the server refuses
 * `key` it takes its place; where both are refused, a longer credential tells whether it is the clock.
 */
export async function provePaths(
  ways: readonly PathToServer[],
  { key, other, prove }: { key: SigningKey; other: SigningKey | undefined; prove: Prove },
): Promise<PathProofs> {
  // A user for each path and use, so that a quota of one allocation a user does not fail probes that run side by side.
  const attempt = (way: PathToServer, signer: SigningKey, use = '', ttlSeconds = credentialTtlSeconds) =>
    prove(way, { key: signer, user: `probe-${way.path}${use}`, ttlSeconds });

  const first = ways.map((way) => ({ way, result: attempt(way, key) }));
  const answering = Promise.any(first.map(wayThatAnswers)).catch(() => undefined);
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
    heard: byClock
      ? []
      : [
          { key, results: await Promise.all(first.map(({ result }) => result)) },
          ...(other === undefined || tried === undefined ? [] : [{ key: other, results: [tried] }]),
        ],
  };
}

async function wayThatAnswers({ way, result }: { way: PathToServer; result: Promise<ProbeResult> }) {
  const settled = await result;
  if (keyVerdict(settled) !== undefined) return way;
  throw new Error(`${way.path} says nothing of the key`);
}
