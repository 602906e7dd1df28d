import type { FleetSourceStatus } from '@turn-router/registry';

/** On what answers stand, best first. Each step is worse knowledge, never a worse error than the one before. */
export const trustSteps = ['fresh', 'last_known', 'static', 'none'] as const;

export type TrustStep = (typeof trustSteps)[number];

type TrustGrounds = {
  /** Empty while nothing of them is used yet. */
  readonly sources: readonly Pick<FleetSourceStatus, 'state' | 'nodes' | 'ageMs'>[];
  /** From all registries together. */
  readonly healthyNodes: number;
  /** Whether the policy names nodes of last resort. */
  readonly hasStaticNodes: boolean;
};

/** The ladder; `none` means that no caller can be answered but with a 503. */
export function trustStep({ sources, healthyNodes, hasStaticNodes }: TrustGrounds): TrustStep {
  if (healthyNodes === 0 && hasStaticNodes) return 'static';
  if (sources.length > 0 && sources.every(({ state }) => state === 'fresh')) return 'fresh';
  return sources.some(isKnown) ? 'last_known' : 'none';
}

/** It was read at least once, or its last snapshot was on disk. */
function isKnown({ nodes, ageMs }: TrustGrounds['sources'][number]): boolean {
  return nodes > 0 || ageMs !== undefined;
}
