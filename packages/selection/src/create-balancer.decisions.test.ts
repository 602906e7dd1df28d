import { describe, expect, test } from '@jest/globals';
import { balancerAfter, balancerOf, decide, halfLifeMs, issue, loadAfter, statusOf } from './balancer.fixture.ts';
import { createBalancer } from './create-balancer.ts';
import { drawsOf, sharesOf, uniformDraws } from './draws.fixture.ts';
import { policy, readingOf } from './fleet.fixture.ts';

describe('issued work', () => {
  test('adds to the load until the node reports again', () => {
    const reading = readingOf({ virginia: [0.5] });
    const balancer = balancerAfter(reading);
    expect(loadAfter(balancer, reading, 0)).toBe(0.5);
    issue(balancer, 10);
    // 10 credentials of 2 Mbit/s on 1000.
    expect(loadAfter(balancer, reading, 0)).toBeCloseTo(0.52, 9);
    expect(loadAfter(balancer, reading, halfLifeMs)).toBeCloseTo(0.26, 9);
    expect(loadAfter(balancer, readingOf({ virginia: [0.51] }), halfLifeMs)).toBeCloseTo(0.51, 9);
  });

  test.each([
    ['this router alone', 1, 0.502],
    ['two routers: each counts the work of both', 2, 0.504],
    ['five routers', 5, 0.51],
  ])('counts for %s', (_, replicas, load) => {
    const reading = readingOf({ virginia: [0.5] }, replicas);
    const balancer = balancerAfter(reading);
    issue(balancer, 1);
    expect(loadAfter(balancer, reading, 0)).toBeCloseTo(load, 9);
  });

  test('causes the same load if two routers issue half each or one router issues all', () => {
    const reading = readingOf({ virginia: [0.5, 0.3] });
    const alone = balancerAfter(reading);
    issue(alone, 100);
    for (const seed of [1, 2]) {
      const oneOfTwo = balancerAfter({ ...reading, replicas: 2 });
      issue(oneOfTwo, 50, { random: uniformDraws(seed) });
      const load = loadAfter(oneOfTwo, { ...reading, replicas: 2 }, 0) ?? 0;
      expect(load).toBeCloseTo(loadAfter(alone, reading, 0) ?? 0, 9);
    }
  });

  test('is divided among the nodes of a decision', () => {
    const reading = readingOf({ virginia: [0.5, 0.5] });
    const balancer = balancerAfter(reading);
    issue(balancer, 10, {}, { maxNodes: 2 });
    expect(loadAfter(balancer, reading, 0)).toBeCloseTo(0.51, 9);
  });

  test('is not counted for a node that is gone', () => {
    const balancer = balancerOf({ virginia: [0.5], oregon: [0.5] });
    const decision = decide(balancer);
    balancer.observe(readingOf({ oregon: [0.5] }), 1000);
    if (decision.ok) balancer.countIssued(decision.nodes, 1000);
    expect(decision).toMatchObject({ ok: true, nodes: [{ name: 'virginia/n0' }] });
    expect(statusOf(balancer)).toBeUndefined();
  });
});

describe('a decision', () => {
  test('changes nothing: the same random numbers give the same decision again', () => {
    const balancer = balancerOf({ virginia: [0.85, 0.8, 0.9], oregon: [0.1, 0.2] });
    const before = balancer.status();
    for (const points of [[0.1, 0.9, 0.2], [0.5], [0.99, 0.3, 0.6, 0.7]]) {
      const ask = () => decide(balancer, { nowMs: 1000, random: drawsOf(...points) }, { maxNodes: 2 });
      expect(ask()).toEqual(ask());
    }
    expect(balancer.status()).toEqual(before);
  });

  test('spills the full shares from the first reading on', () => {
    const balancer = balancerOf({ virginia: [0.85], oregon: [0.1] });
    const random = uniformDraws(2);
    const shares = sharesOf(4000, () => {
      const decision = decide(balancer, { random });
      return decision.ok ? decision.region : decision.code;
    });
    expect(Math.abs((shares['oregon'] ?? 0) - 0.5)).toBeLessThan(0.03);
  });

  test('spreads a burst over equal nodes between two reports', () => {
    const balancer = balancerOf({ virginia: Array.from({ length: 12 }, () => 0.3) });
    const shares = issue(balancer, 1200);
    expect(Object.keys(shares)).toHaveLength(12);
    expect(Math.max(...Object.values(shares))).toBeLessThanOrEqual(1.3 / 12);
  });

  test('fills an idle node without overloading it', () => {
    // One idle node among eleven at 30 % has room for 1650 calls until it is as loaded as the others.
    const balancer = balancerOf({ virginia: [0, ...Array.from({ length: 11 }, () => 0.3)] });
    const { 'virginia/n0': share = 0 } = issue(balancer, 1200);
    // Two of twelve nodes are picked. If the idle node is one of them, it is taken: in 2 of 12 cases.
    expect(Math.abs(share - 2 / 12)).toBeLessThan(0.02);
  });
});

describe('a node that always reports idle', () => {
  const others = [0.6, 0.62, 0.58, 0.61, 0.59];

  test('gets too many calls until its reports are implausible, then its fair part', () => {
    const balancer = createBalancer(policy);
    let share = 0;
    const shares: number[] = [];
    for (const [index, load] of others.entries()) {
      const nowMs = index * 5000;
      balancer.observe(readingOf({ virginia: [0, load, load, load] }), nowMs);
      ({ 'virginia/n0': share = 0 } = issue(balancer, 100, { nowMs, random: uniformDraws(index) }));
      shares.push(share);
    }
    const [first = 0, , , , last = 0] = shares;
    expect(first).toBeGreaterThan(0.4);
    expect(last).toBeLessThan(0.3);
    expect(balancer.status().doubted).toEqual([{ name: 'virginia/n0', reason: 'unmoved' }]);
  });
});
