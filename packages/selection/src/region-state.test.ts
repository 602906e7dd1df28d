import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { policy, policyWith, relayNode } from './fleet.fixture.ts';
import { countIssuedTo, createNodeTrack, loadAt } from './node-track.ts';
import { createRegionState, refreshRegion, type RegionState } from './region-state.ts';

/** A policy with weights for cpu and bandwidth. */
const withCpu = policyWith({ load: { cpu: 0.3, bandwidth: 0.7 } });
const meanCallMs = policy.calls.meanSeconds * 1000;
const halfLifeMs = meanCallMs * Math.LN2;

/** Creates a region of nodes of 1000 Mbit/s that reported at time 0. */
function regionOf(...reports: readonly Partial<NodeReport>[]): RegionState {
  const state = createRegionState('virginia', policy.calls, 0);
  for (const report of reports) state.tracks.add(createNodeTrack(relayNode(report), 0));
  return state;
}

function loadsOf(state: RegionState, nowMs: number): number[] {
  return [...state.tracks].map((track) => loadAt(track, state.model, nowMs));
}

describe('a region', () => {
  test('without nodes is idle and has no pool', () => {
    const state = regionOf();
    refreshRegion(state, policy, 0);
    expect(state).toMatchObject({ pool: undefined, capacityMbps: 0, load: 0 });
  });

  test('without a node that takes calls is idle and has no pool either', () => {
    const state = regionOf({ status: 'draining', bandwidth_mbps: 900 });
    refreshRegion(state, policy, 0);
    expect(state).toMatchObject({ pool: undefined, capacityMbps: 0, load: 0 });
  });

  test('counts only nodes that take calls', () => {
    const state = regionOf(
      { bandwidth_mbps: 300 },
      { bandwidth_mbps: 500, bandwidth_capacity_mbps: 600 },
      { bandwidth_mbps: 900, status: 'unhealthy' },
    );
    refreshRegion(state, policy, 0);
    expect(state.pool?.members).toEqual([...state.tracks].slice(0, 2));
    expect(state).toMatchObject({ capacityMbps: 1600, load: 0.5 });
  });

  test('has the reported load without the ended work, plus the issued work', () => {
    const state = regionOf({ bandwidth_mbps: 400 }, { bandwidth_mbps: 800 });
    refreshRegion(state, policy, halfLifeMs);
    expect(state.load).toBeCloseTo(0.3, 9);
    for (const track of state.tracks) countIssuedTo(track, 50, meanCallMs, halfLifeMs);
    refreshRegion(state, policy, halfLifeMs);
    // 100 credentials of 2 Mbit/s on 2000.
    expect(state.load).toBeCloseTo(0.4, 9);
  });

  test('has the load of the resource with the highest use', () => {
    const state = regionOf({ bandwidth_mbps: 400, cpu: 90 });
    refreshRegion(state, withCpu, 0);
    expect(state.load).toBeCloseTo(0.9, 9);
    countIssuedTo([...state.tracks][0] ?? createNodeTrack(relayNode({}), 0), 10, meanCallMs, 0);
    refreshRegion(state, withCpu, 0);
    expect(state.load).toBeCloseTo(0.92, 9);
  });

  test.each([
    ['bandwidth', { bandwidth_mbps: 900, cpu: 10 }],
    ['cpu', { bandwidth_mbps: 300, cpu: 90 }],
    ['allocations', { bandwidth_mbps: 300, allocations: 90, allocations_capacity: 100 }],
  ])('limited by %s falls to 0 when reports stop', (_, report) => {
    const state = regionOf(report);
    refreshRegion(state, withCpu, 0);
    expect(state.load).toBeCloseTo(0.9, 9);
    refreshRegion(state, withCpu, 1e9);
    expect(state.load).toBeCloseTo(0, 9);
  });

  test('falls to 0 and never below when one node’s allocation limit is out of proportion', () => {
    const byAllocations = policyWith({ load: { cpu: 0, bandwidth: 0, allocations: 1 } });
    const state = createRegionState('virginia', policy.calls, 0);
    const few = { bandwidth_capacity_mbps: 10_000, allocations: 9, allocations_capacity: 10 };
    const many = { bandwidth_capacity_mbps: 100, allocations: 0, allocations_capacity: 1000 };
    for (const report of [few, many]) state.tracks.add(createNodeTrack(relayNode(report, byAllocations), 0));
    refreshRegion(state, policy, 1e9);
    expect(state.load).toBe(0);
  });
});

describe('an implausible node', () => {
  test('starts from the average load of the others and continues separately', () => {
    const state = regionOf(
      { bandwidth_mbps: 2500 },
      { bandwidth_mbps: 200 },
      { bandwidth_mbps: 250, bandwidth_capacity_mbps: 500 },
    );
    refreshRegion(state, policy, 0);
    expect(loadsOf(state, 0)).toEqual([0.3, 0.2, 0.5]);
    const [doubted] = state.tracks;
    if (doubted !== undefined) countIssuedTo(doubted, 50, meanCallMs, 0);
    refreshRegion(state, policy, 0);
    expect(loadsOf(state, 0)[0]).toBeCloseTo(0.4 + (2 * Math.sqrt(2 * 100)) / 1000, 9);
  });

  test('does not count for its region’s load, but takes calls', () => {
    const state = regionOf({ bandwidth_mbps: 2500 }, { bandwidth_mbps: 200 });
    refreshRegion(state, policy, 0);
    expect(state).toMatchObject({ load: 0.2, capacityMbps: 2000 });
    expect(state.pool?.members).toHaveLength(2);
  });

  test('starts idle when no node is plausible, and so does its region', () => {
    const state = regionOf({ bandwidth_mbps: 2500 });
    refreshRegion(state, policy, 0);
    expect(loadsOf(state, 0)).toEqual([0]);
    expect(state.load).toBe(0);
    for (const track of state.tracks) countIssuedTo(track, 50, meanCallMs, 0);
    refreshRegion(state, policy, halfLifeMs);
    expect(state.load).toBeCloseTo(0.05, 9);
  });
});
