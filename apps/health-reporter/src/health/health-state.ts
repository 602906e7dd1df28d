import type { Transport } from '@turn-router/contract/http';
import type { AddressFamily } from '@turn-router/stun';
import { pathParts, type ProbePath } from '../probe/probe-path.ts';
import type { KeyTrial, ProbeRound } from '../probe/probe-round.ts';

/** How often in a row a probe must succeed or fail before the state follows; whole numbers from 1. */
export type ProbeThresholds = { readonly success: number; readonly failure: number };

/** One path: proven or not, and how its last probes went, in a row. */
type PathHealth = { readonly proven: boolean; readonly successes: number; readonly failures: number };

export type HealthState = {
  /** `draining`: the TURN server itself takes no new allocations because it drains. */
  readonly phase: 'starting' | 'healthy' | 'unhealthy' | 'draining';
  readonly paths: ReadonlyMap<ProbePath, PathHealth>;
  /** The server's last word on each key, by the key's id. */
  readonly keys: ReadonlyMap<string, KeyTrial>;
};

/** Before the first probe: nothing is proven. */
export const startingHealth: HealthState = { phase: 'starting', paths: new Map(), keys: new Map() };

const untried: PathHealth = { proven: false, successes: 0, failures: 0 };

/**
 * The state after one more round of probes. A node is healthy as long as one path is proven, so that a broken TCP port takes away TCP
 * alone; it has been starting until a path is proven or all have failed as often as a healthy one may. What the server says of a key is
 * believed at once: it is an answer and no lost packet.
 */
export function healthAfterRound(
  before: HealthState,
  { results, keyTrials }: Pick<ProbeRound, 'results' | 'keyTrials'>,
  thresholds: ProbeThresholds,
): HealthState {
  const paths = new Map(
    [...results].map(([path, { ok }]) => [path, pathAfterProbe(before.paths.get(path) ?? untried, ok, thresholds)]),
  );
  const keys = new Map([...before.keys, ...keyTrials.map((trial) => [trial.keyId, trial] as const)]);
  const healths = [...paths.values()];
  if (healths.some(({ proven }) => proven)) return { phase: 'healthy', paths, keys };
  const undecided = before.phase === 'starting' && healths.some(({ failures }) => failures < thresholds.failure);
  if (undecided) return { phase: 'starting', paths, keys };
  const drains = [...results.values()].some((result) => !result.ok && result.reason === 'draining');
  return { phase: drains ? 'draining' : 'unhealthy', paths, keys };
}

/** In the order in which they are probed. */
export function provenPaths({ paths }: HealthState): ProbePath[] {
  return [...paths].filter(([, { proven }]) => proven).map(([path]) => path);
}

/**
 * What clients may be told: families, and transports that are proven over each of them. IPv6 is told only where it brings all that IPv4
 * does: a transport lost costs callers behind firewalls their call, while those with IPv6 alone mostly reach IPv4 through their network.
 */
export function provenReach(health: HealthState): { families: AddressFamily[]; transports: Transport[] } {
  const proven = provenPaths(health).map(pathParts);
  const over = (family: AddressFamily) =>
    proven.filter((parts) => parts.family === family).map(({ transport }) => transport);
  const [ipv4, ipv6] = [over('IPv4'), over('IPv6')];
  if (ipv4.length === 0) return { families: ipv6.length > 0 ? ['IPv6'] : [], transports: ipv6 };
  const isSameOverIpv6 = ipv4.every((transport) => ipv6.includes(transport));
  return { families: isSameOverIpv6 ? ['IPv4', 'IPv6'] : ['IPv4'], transports: ipv4 };
}

/** Ids of the keys that the server accepted when last asked, newest first. */
export function provenKeyIds({ keys }: HealthState): string[] {
  return [...keys.values()]
    .filter(({ accepted }) => accepted)
    .toSorted((one, other) => one.place - other.place)
    .map(({ keyId }) => keyId);
}

function pathAfterProbe(health: PathHealth, passed: boolean, thresholds: ProbeThresholds): PathHealth {
  const successes = passed ? health.successes + 1 : 0;
  const failures = passed ? 0 : health.failures + 1;
  const proven = health.proven ? failures < thresholds.failure : successes >= thresholds.success;
  return { proven, successes, failures };
}
