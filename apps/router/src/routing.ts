import type { Policy } from '@turn-router/contract';
import type { NodeRecord } from '@turn-router/registry';
import { createFleet, createRegionLadder, type Fleet, type RegionLadder } from '@turn-router/selection';

/** All that a decision reads, from one moment: swapped whole, never changed in place. */
export type RoutingState = { readonly policy: Policy; readonly placeCaller: RegionLadder; readonly fleet: Fleet };

/** Keeps the state that requests read in step with the policy and the registry. */
export type Routing = {
  readonly state: () => RoutingState;
  readonly usePolicy: (policy: Policy) => void;
  readonly useRecords: (records: readonly NodeRecord[]) => void;
};

export function createRouting(initialPolicy: Policy): Routing {
  let records: readonly NodeRecord[] = [];
  let state: RoutingState = stateFrom(initialPolicy);

  function stateFrom(policy: Policy): RoutingState {
    return { policy, placeCaller: createRegionLadder(policy), fleet: createFleet(records, policy) };
  }

  return {
    state: () => state,
    usePolicy: (policy) => {
      state = stateFrom(policy);
    },
    useRecords: (latest) => {
      records = latest;
      state = { ...state, fleet: createFleet(records, state.policy) };
    },
  };
}
