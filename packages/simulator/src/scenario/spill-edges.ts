import type { Policy } from '@turn-router/contract/policy';

/** A pair of regions between which calls may spill. */
export type SpillEdgeName = { readonly from: string; readonly to: string; readonly name: string };

/** Returns all spill edges of the policy, named `from → to`. */
export function spillEdges({ regions }: Policy): SpillEdgeName[] {
  return Object.entries(regions).flatMap(([from, { spillover }]) =>
    spillover.map(({ region: to }) => ({ from, to, name: `${from} → ${to}` })),
  );
}
