import type { Transport } from '@turn-router/contract/http';
import type { AddressFamily } from '@turn-router/stun';
import { pathParts, type ProbePath } from '../probe/probe-path.ts';
import type { BindingAnswer } from '../probe/ask-binding.ts';
import type { KeyTrial, ProbeResult, ProbeRound } from '../probe/probe-round.ts';

/** The number of probes in a row that must pass or fail before the state changes; whole numbers from 1. */
export type ProbeThresholds = { readonly success: number; readonly failure: number };

/** The health of one path: whether it is proven, and the number of its last probes in a row that passed or failed. */
type PathHealth = {
  readonly proven: boolean;
  readonly successes: number;
  readonly failures: number;
  /** The last known answer to a Binding without credentials. */
  readonly binding: BindingAnswer | undefined;
};

export type HealthState = {
  /** `draining`: the TURN server itself drains and refuses new allocations. */
  readonly phase: 'starting' | 'healthy' | 'unhealthy' | 'draining';
  readonly paths: ReadonlyMap<ProbePath, PathHealth>;
  /** The result of the last trial of each key, by the key's id. */
  readonly keys: ReadonlyMap<string, KeyTrial>;
};

/** The state before the first probe: nothing is proven. */
export const startingHealth: HealthState = { phase: 'starting', paths: new Map(), keys: new Map() };

const untried: PathHealth = { proven: false, successes: 0, failures: 0, binding: undefined };

/**
 * Computes the state after one more round of probes.
 *
 * - A node is healthy while at least one path is proven. So a broken TCP port removes only TCP.
 * - A node is starting until one path is proven, or until all paths have reached the failure threshold.
 * - The result of a key trial counts at once, without a threshold, because a lost packet cannot cause it.
 */
export function healthAfterRound(
  before: HealthState,
  { results, keyTrials }: Pick<ProbeRound, 'results' | 'keyTrials'>,
  thresholds: ProbeThresholds,
): HealthState {
  const paths = new Map(
    [...results].map(([path, result]) => [path, pathAfterProbe(before.paths.get(path) ?? untried, result, thresholds)]),
  );
  const keys = new Map([...before.keys, ...keyTrials.map((trial) => [trial.keyId, trial] as const)]);
  const healths = [...paths.values()];
  if (healths.some(({ proven }) => proven)) return { phase: 'healthy', paths, keys };
  const undecided = before.phase === 'starting' && healths.some(({ failures }) => failures < thresholds.failure);
  if (undecided) return { phase: 'starting', paths, keys };
  const drains = [...results.values()].some((result) => !result.ok && result.reason === 'draining');
  return { phase: drains ? 'draining' : 'unhealthy', paths, keys };
}

/** Whether the last probe of some path has passed. */
export function hasPassed({ paths }: HealthState): boolean {
  return [...paths.values()].some(({ successes }) => successes > 0);
}

/** Returns the proven paths, in the order of the probes. */
export function provenPaths({ paths }: HealthState): ProbePath[] {
  return [...paths].filter(([, { proven }]) => proven).map(([path]) => path);
}

/**
 * Returns the address families to publish, and the transports that are proven over each of them. IPv6 is published only if it offers every
 * transport that IPv4 offers. Without TCP or TLS a caller behind a firewall cannot make the call. Without IPv6, most callers in networks with
 * only IPv6 still reach IPv4 through their network.
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

/**
 * Whether clients get an answer to a Binding without credentials, at the address that they use first. Without this answer, a `stun:` URL of the
 * node only delays calls.
 */
export function offersStun(health: HealthState): boolean {
  const { families, transports } = provenReach(health);
  const path = families[0] === 'IPv6' ? 'udp6' : 'udp';
  const binding = health.paths.get(path)?.binding ?? 'open';
  return transports.includes('udp') && binding === 'open';
}

/** Returns the ids of the keys that the server accepted at their last trial, newest first. */
export function provenKeyIds({ keys }: HealthState): string[] {
  return [...keys.values()]
    .filter(({ accepted }) => accepted)
    .toSorted((one, other) => one.place - other.place)
    .map(({ keyId }) => keyId);
}

function pathAfterProbe(health: PathHealth, result: ProbeResult, thresholds: ProbeThresholds): PathHealth {
  const passed = result.ok;
  const successes = passed ? health.successes + 1 : 0;
  const failures = passed ? 0 : health.failures + 1;
  const proven = health.proven ? failures < thresholds.failure : successes >= thresholds.success;
  return { proven, successes, failures, binding: (result.ok ? result.binding : undefined) ?? health.binding };
}
