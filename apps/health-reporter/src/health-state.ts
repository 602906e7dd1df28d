import type { Transport } from '@turn-router/contract';

/** How often in a row a probe must succeed or fail before the state follows; whole numbers from 1. */
export type ProbeThresholds = { readonly success: number; readonly failure: number };

/** One transport: proven or not, and how its last probes went, in a row. */
type TransportHealth = { readonly proven: boolean; readonly successes: number; readonly failures: number };

export type HealthState = {
  readonly phase: 'starting' | 'healthy' | 'unhealthy';
  readonly transports: ReadonlyMap<Transport, TransportHealth>;
};

/** Before the first probe: nothing is proven. */
export const startingHealth: HealthState = { phase: 'starting', transports: new Map() };

const untried: TransportHealth = { proven: false, successes: 0, failures: 0 };

/**
 * The state after one more round of probes. A node is healthy as long as one transport is proven, so that a broken TCP port takes
 * away TCP alone; it has been starting until a transport is proven or all have failed as often as a healthy one may.
 */
export function healthAfterRound(
  before: HealthState,
  round: ReadonlyMap<Transport, { readonly ok: boolean }>,
  thresholds: ProbeThresholds,
): HealthState {
  const transports = new Map(
    [...round].map(([transport, { ok }]) => [
      transport,
      transportAfterProbe(before.transports.get(transport) ?? untried, ok, thresholds),
    ]),
  );
  const healths = [...transports.values()];
  if (healths.some(({ proven }) => proven)) return { phase: 'healthy', transports };
  const undecided = before.phase === 'starting' && healths.some(({ failures }) => failures < thresholds.failure);
  return { phase: undecided ? 'starting' : 'unhealthy', transports };
}

/** In the order in which they are probed. */
export function provenTransports({ transports }: HealthState): Transport[] {
  return [...transports].filter(([, { proven }]) => proven).map(([transport]) => transport);
}

function transportAfterProbe(health: TransportHealth, passed: boolean, thresholds: ProbeThresholds): TransportHealth {
  const successes = passed ? health.successes + 1 : 0;
  const failures = passed ? 0 : health.failures + 1;
  const proven = health.proven ? failures < thresholds.failure : successes >= thresholds.success;
  return { proven, successes, failures };
}
