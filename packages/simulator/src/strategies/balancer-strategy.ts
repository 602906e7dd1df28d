import { createBalancer, type PlacedCaller, type FleetReading, type RelayWishes } from '@turn-router/selection';
import type { CreateStrategy, StrategySurroundings } from './strategy.ts';

/** Where a call must go; undefined leaves it to the balancer. Told of each reading. */
export type RegionRule = {
  readonly observe: (reading: FleetReading) => void;
  readonly requiredRegion: (caller: PlacedCaller) => string | undefined;
};

const freeWishes: RelayWishes = { maxNodes: 1 };

/** The balancer that the router runs, with another rule for regions or with its own. */
export function balancerStrategy(createRule: (surroundings: StrategySurroundings) => RegionRule): CreateStrategy {
  return (surroundings) => {
    const balancer = createBalancer(surroundings.policy);
    const rule = createRule(surroundings);
    const wishesByRegion = new Map(
      Object.keys(surroundings.policy.regions).map((region): [string, RelayWishes] => [
        region,
        { maxNodes: 1, requireRegion: region },
      ]),
    );
    return {
      observe: (reading, nowMs) => {
        balancer.observe(reading, nowMs);
        rule.observe(reading);
      },
      issue: (caller, nowMs, random) => {
        const required = rule.requiredRegion(caller);
        const wishes = required === undefined ? freeWishes : (wishesByRegion.get(required) ?? freeWishes);
        const decision = balancer.choose(caller, wishes, nowMs, random);
        if (!decision.ok) return undefined;
        balancer.countIssued(decision.nodes, nowMs);
        const [node] = decision.nodes;
        return node === undefined ? undefined : surroundings.nodeOf(node.key);
      },
    };
  };
}
