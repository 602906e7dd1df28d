import type { FleetSourceStatus } from '@turn-router/registry';

/** Trust levels of the router's knowledge of the fleet, best first. */
export const trustSteps = ['fresh', 'last_known', 'static', 'none'] as const;

export type TrustStep = (typeof trustSteps)[number];

type TrustGrounds = {
  /** Empty while none of their nodes is in use yet. */
  readonly sources: readonly Pick<FleetSourceStatus, 'state' | 'nodes' | 'ageMs'>[];
  /** Healthy nodes of all registries together. */
  readonly healthyNodes: number;
  /** Whether the policy names static nodes. */
  readonly hasStaticNodes: boolean;
};

/** Returns the trust level. With `none` every caller gets a 503. */
export function trustStep({ sources, healthyNodes, hasStaticNodes }: TrustGrounds): TrustStep {
  if (healthyNodes === 0 && hasStaticNodes) return 'static';
  if (sources.length > 0 && sources.every(({ state }) => state === 'fresh')) return 'fresh';
  return sources.some(isKnown) ? 'last_known' : 'none';
}

/** Whether the registry was read at least once, or its last snapshot was on disk. */
function isKnown({ nodes, ageMs }: TrustGrounds['sources'][number]): boolean {
  return nodes > 0 || ageMs !== undefined;
}
