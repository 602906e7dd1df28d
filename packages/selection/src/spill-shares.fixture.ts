import type { RegionLoad, SpillController } from './spill-controller.ts';

/** Regions of 1000 Mbit/s with calls of one minute, with these loads. */
export function loadsOf(byRegion: Readonly<Record<string, number>>): Map<string, RegionLoad> {
  return new Map(
    Object.entries(byRegion).map(([region, load]) => [region, { load, capacityMbps: 1000, meanCallMs: 60_000 }]),
  );
}

/** Returns the shares by edge, such as `{'frankfurt>virginia': 0.5}`. */
export function sharesByEdge(controller: SpillController): Record<string, number> {
  return Object.fromEntries(controller.edges().map(({ from, to, share }) => [`${from}>${to}`, share]));
}
