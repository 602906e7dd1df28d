import type { Policy } from '@turn-router/contract/policy';
import { shareSlewPerSecond, slewedShares, spillShare, sustainableShare } from './spill-share.ts';

/** The share of a region's new calls that goes to another region, 0–1. */
export type SpillEdge = { readonly from: string; readonly to: string; readonly share: number };

/** The figures of a region with nodes that take calls. */
export type RegionLoad = { readonly load: number; readonly capacityMbps: number; readonly meanCallMs: number };

/** Adjusts the spill shares of all regions over time. */
export type SpillController = {
  /** Moves the shares towards the values that fit these loads. Regions without a node are not in `loads`. */
  readonly advance: (loads: ReadonlyMap<string, RegionLoad>, policy: Policy, nowMs: number) => void;
  /** The region's targets in the policy's order. Targets with a share of 0 are left out. */
  readonly edgesFrom: (region: string) => readonly SpillEdge[];
  readonly edges: () => readonly SpillEdge[];
};

type Edge = SpillEdge & {
  /** Work of the region that the target carries. This work follows the share with a delay of about one mean call length. */
  readonly carriedMbps: number;
};

const none: readonly SpillEdge[] = [];

export function createSpillController(): SpillController {
  let edges = new Map<string, Edge>();
  let spillsByRegion = new Map<string, readonly SpillEdge[]>();
  let lastMs: number | undefined;

  function advance(loads: ReadonlyMap<string, RegionLoad>, policy: Policy, nowMs: number): void {
    // If a router starts during a peak, it applies the full shares at once, because it cannot know how much work the targets already carry.
    const elapsedMs = lastMs === undefined ? 1000 / shareSlewPerSecond : nowMs - lastMs;
    if (loads.size > 0) lastMs = nowMs;
    const previous = edges;
    edges = new Map();
    spillsByRegion = new Map();
    for (const [region, { spillover }] of Object.entries(policy.regions)) {
      const home = loads.get(region);
      if (home === undefined) continue;
      const outgoing = spillover.flatMap(({ region: to, maxShare }) => {
        const target = loads.get(to);
        const edge = previous.get(edgeName(region, to)) ?? { from: region, to, share: 0, carriedMbps: 0 };
        return target === undefined ? [] : [{ edge, target, maxShare }];
      });
      const carriedMbps = outgoing.reduce((sum, { edge }) => sum + edge.carriedMbps, 0);
      const wantedMbps = home.load * home.capacityMbps + carriedMbps;

      let rest = spillShare(home.load, policy.spillover);
      const wanted = outgoing.map(({ edge, target, maxShare }) => {
        const back = edgeName(edge.to, region);
        const isCounterflow = [previous, edges].some((known) => (known.get(back)?.share ?? 0) > 0);
        const possible = sustainableShare(edge.carriedMbps, wantedMbps, target, policy.spillover.start);
        const share = isCounterflow ? 0 : Math.min(rest, maxShare, possible);
        rest -= share;
        return share;
      });
      const shares = slewedShares(
        outgoing.map(({ edge }) => edge.share),
        wanted,
        elapsedMs,
      );
      const moved = outgoing.map(({ edge }, index) => ({
        ...edge,
        share: shares[index] ?? 0,
        carriedMbps: follow(edge.carriedMbps, edge.share * wantedMbps, elapsedMs, home.meanCallMs),
      }));
      for (const edge of moved) edges.set(edgeName(region, edge.to), edge);
      const spills = moved.filter(({ share }) => share > 0).map(({ from, to, share }) => ({ from, to, share }));
      if (spills.length > 0) spillsByRegion.set(region, spills);
    }
  }

  return {
    advance,
    edgesFrom: (region) => spillsByRegion.get(region) ?? none,
    edges: () => [...spillsByRegion.values()].flat(),
  };
}

function edgeName(from: string, to: string): string {
  return `${from}>${to}`;
}

/** A first-order lag: in each `lagMs`, the value covers 1 − 1/e of its distance to `towards`. */
function follow(value: number, towards: number, elapsedMs: number, lagMs: number): number {
  return value + (towards - value) * (1 - Math.exp(-elapsedMs / lagMs));
}
