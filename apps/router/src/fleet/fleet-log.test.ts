import { describe, expect, test } from '@jest/globals';
import type { BalancerStatus } from '@turn-router/selection';
import { createFleetLog } from './fleet-log.ts';
import { createLogger } from '../observe/logger.ts';

function start() {
  const lines: Record<string, unknown>[] = [];
  const log = createFleetLog(createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }));
  return (status: Partial<BalancerStatus>) => {
    log({ regions: [], spills: [], doubted: [], replicas: 1, ...status });
    return lines.splice(0).map((line) => {
      const { level: _, time: __, event: ___, ...said } = line;
      return said;
    });
  };
}

/** A thousand, numbered from this. */
const doubtedNodes = (from: number) =>
  Array.from({ length: 1000 }, (_, index) => ({ name: `eu/n${from + index}`, reason: 'unmoved' as const }));

describe('the fleet log', () => {
  const edge = { from: 'eu', to: 'us' };

  test('logs the start and the end of a spill once each, whatever its share in between', () => {
    const saidOf = start();
    expect(saidOf({ spills: [{ ...edge, share: 0.009 }] })).toEqual([]);
    expect(saidOf({ spills: [{ ...edge, share: 0.01 }] })).toEqual([
      { ...edge, share: 0.01, msg: 'spillover started' },
    ]);
    expect(saidOf({ spills: [{ ...edge, share: 0.3333 }] })).toEqual([]);
    expect(saidOf({ spills: [{ ...edge, share: 0.001 }] })).toEqual([]);
    expect(saidOf({})).toEqual([{ ...edge, largestShare: 0.333, msg: 'spillover ended' }]);
    expect(saidOf({})).toEqual([]);
  });

  test('logs two spills of one region separately', () => {
    const saidOf = start();
    const said = saidOf({
      spills: [
        { ...edge, share: 0.2 },
        { from: 'eu', to: 'ap', share: 0.1 },
      ],
    });
    expect(said.map(({ to }) => to)).toEqual(['us', 'ap']);
    expect(saidOf({ spills: [{ ...edge, share: 0.2 }] })).toEqual([
      { from: 'eu', to: 'ap', largestShare: 0.1, msg: 'spillover ended' },
    ]);
  });

  test('logs an implausible node once, and again for another reason or when it is plausible again', () => {
    const saidOf = start();
    const doubt = 'implausible node report: assuming the region’s average load';
    const node = 'eu/node-01';
    expect(saidOf({ doubted: [{ name: node, reason: 'unmoved' }] })).toEqual([{ node, reason: 'unmoved', msg: doubt }]);
    expect(saidOf({ doubted: [{ name: node, reason: 'unmoved' }] })).toEqual([]);
    expect(saidOf({ doubted: [{ name: node, reason: 'beyond_capacity' }] })).toEqual([
      { node, reason: 'beyond_capacity', msg: doubt },
    ]);
    expect(saidOf({})).toEqual([{ node, msg: 'node reports are plausible again' }]);
  });

  test('names a hundred of very many implausible nodes, and keeps to the same ones', () => {
    const saidOf = start();
    expect(saidOf({ doubted: doubtedNodes(0) })).toHaveLength(100);
    expect(saidOf({ doubted: doubtedNodes(0).toReversed() })).toEqual([]);
    // Ten named nodes are plausible again, and ten others are named.
    expect(saidOf({ doubted: doubtedNodes(10) })).toHaveLength(20);
  });
});
