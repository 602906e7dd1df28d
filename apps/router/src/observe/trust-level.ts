import type { FleetSourceStatus } from '@turn-router/registry';

/** Trust levels of the router's data about the fleet, best first. */
export const trustLevels = ['fresh', 'last_known', 'static', 'none'] as const;

export type TrustLevel = (typeof trustLevels)[number];

type TrustGrounds = {
  /** Empty while no node of the registries is in use yet. */
  readonly sources: readonly Pick<FleetSourceStatus, 'state' | 'nodes' | 'ageMs'>[];
  /** Healthy nodes of all registries together. */
  readonly healthyNodes: number;
  /** Whether the policy names static nodes. */
  readonly hasStaticNodes: boolean;
};

/** Returns the trust level. At the level `none`, every caller gets a 503. */
export function trustLevel({ sources, healthyNodes, hasStaticNodes }: TrustGrounds): TrustLevel {
  if (healthyNodes === 0 && hasStaticNodes) return 'static';
  if (sources.length > 0 && sources.every(({ state }) => state === 'fresh')) return 'fresh';
  return sources.some(isKnown) ? 'last_known' : 'none';
}

/** Whether the registry was read at least once, or its last snapshot was on disk. */
function isKnown({ nodes, ageMs }: TrustGrounds['sources'][number]): boolean {
  return nodes > 0 || ageMs !== undefined;
}
