import type { Calls } from '../scenario/calls.ts';
import type { CallDraws } from './call-draws.ts';
import type { SimulatedCallers } from './callers.ts';
import type { Random } from './random-streams.ts';
import type { RunningCalls } from './running-calls.ts';
import { runningCapacityMbps, type SimulatedWorld } from './world.ts';

/** Starts the calls that the initial demand would have caused, spread evenly over the nodes. */
export function beginInitialCalls(
  world: SimulatedWorld,
  callers: readonly SimulatedCallers[],
  { bandwidth }: Calls,
  { running, draws, random }: { readonly running: RunningCalls; readonly draws: CallDraws; readonly random: Random },
): void {
  for (const region of world.regions.values()) {
    const demandMbps = callers
      .filter(({ placed }) => placed.homeRegion === region.name)
      .reduce((sum, { demandMbpsAt }) => sum + demandMbpsAt(0), 0);
    const capacityMbps = runningCapacityMbps(region);
    for (const node of region.nodes) {
      if (!node.isUp) continue;
      const calls = (demandMbps / bandwidth.meanMbps) * (node.capacityMbps / capacityMbps);
      // Rounds up or down at random, so that the mean is also right for small nodes.
      for (let left = Math.floor(calls + random()); left > 0; left -= 1) {
        running.begin(node, draws.bandwidthMbps(), draws.leftSeconds());
      }
    }
  }
}
