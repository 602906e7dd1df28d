import { createBalancer, type PlacedCaller, type FleetReading, type RelayWishes } from '@turn-router/selection';
import type { CreateStrategy, StrategyContext } from './strategy.ts';

/** Chooses the region of a call. If the result is undefined, the balancer chooses. `observe` gets each reading of the registry. */
export type RegionRule = {
  readonly observe: (reading: FleetReading) => void;
  readonly requiredRegion: (caller: PlacedCaller) => string | undefined;
};

const noWishes: RelayWishes = { maxNodes: 1 };

/** Creates a strategy from the router's balancer and a rule for regions. */
export function balancerStrategy(createRule: (context: StrategyContext) => RegionRule): CreateStrategy {
  return (context) => {
    const balancer = createBalancer(context.policy);
    const rule = createRule(context);
    const wishesByRegion = new Map(
      Object.keys(context.policy.regions).map((region): [string, RelayWishes] => [
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
        const wishes = required === undefined ? noWishes : (wishesByRegion.get(required) ?? noWishes);
        const decision = balancer.choose(caller, wishes, nowMs, random);
        if (!decision.ok) return undefined;
        balancer.countIssued(decision.nodes, nowMs);
        const [node] = decision.nodes;
        return node === undefined ? undefined : context.nodeOf(node.key);
      },
    };
  };
}
