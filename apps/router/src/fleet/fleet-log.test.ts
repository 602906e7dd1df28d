import { describe, expect, test } from '@jest/globals';
import type { BalancerStatus } from '@turn-router/selection';
import { routerEvents } from '@turn-router/contract/events';
import { createFleetLog } from './fleet-log.ts';
import type { FleetFindings } from '../observe/fleet-findings.ts';
import { createLogger } from '../observe/logger.ts';

/** Returns what the log says to each update. The updates come this long after each other. */
function start(afterMs = 60_000) {
  let nowMs = 0;
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const log = createFleetLog(logger, () => nowMs);
  return (status: Partial<BalancerStatus>, findings: Partial<FleetFindings> = {}) => {
    nowMs += afterMs;
    log(
      { regions: [], spills: [], doubted: [], excluded: [], replicas: 1, ...status },
      { mismatches: [], unknownRegions: [], refuted: [], ...findings },
    );
    return lines.splice(0).map((line) => {
      const { level: _, time: __, event: ___, ...said } = line;
      return said;
    });
  };
}

/** A thousand, numbered from this. */
const doubtedNodes = (from: number) =>
  Array.from({ length: 1000 }, (_, index) => ({ name: `eu/n${from + index}`, reason: 'unmoved' as const }));

const doubtOf = (name: string) => ({ doubted: [{ name, reason: 'unmoved' as const }] });

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

  const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, port: 3478, public_ip: '192.0.2.1' } as const;
  const node = 'eu/node-01';

  test('logs a refuted node once, whatever its counts, and that it is reached again', () => {
    const saidOf = start();
    const refuted = (text: string) => ({ refuted: [{ name: node, reason: `unreachable_from_outside (${text})` }] });
    const msg = 'probers do not reach a node from outside: the node gets no calls';
    expect(saidOf({}, refuted('2 of 3: udp 3478 timeout'))).toEqual([
      { node, reason: 'unreachable_from_outside (2 of 3: udp 3478 timeout)', msg },
    ]);
    const excluded = [{ name: node, reason: 'unreachable_from_outside', report }] as const;
    expect(saidOf({ excluded }, refuted('3 of 3: udp 3478 timeout'))).toEqual([]);
    expect(saidOf({})).toEqual([{ node, msg: 'probers reach a node from outside again, or the node is gone' }]);
  });

  test('names at most 100 refuted nodes', () => {
    const saidOf = start();
    const refuted = Array.from({ length: 1000 }, (_, index) => ({ name: `eu/n${index}`, reason: 'r' }));
    expect(saidOf({}, { refuted })).toHaveLength(100);
    expect(saidOf({}, { refuted: refuted.toReversed() })).toEqual([]);
    expect(saidOf({})).toHaveLength(100);
  });

  test('logs a wrong clock once with its offset, again if it is wrong in the other direction, and its end', () => {
    const saidOf = start();
    const ahead = { name: node, reason: 'clock_ahead', report: { ...report, clock_offset_ms: 660_400 } } as const;
    const behind = { name: node, reason: 'clock_behind', report: { ...report, clock_offset_ms: -7_200_000 } } as const;
    const msg = 'the clock of a node is wrong by a minute or more: the node gets no calls';
    expect(saidOf({ excluded: [ahead] })).toEqual([{ node, reason: 'clock_ahead', offsetSeconds: 660.4, msg }]);
    const later = { ...ahead, report: { ...report, clock_offset_ms: 661_000 } };
    expect(saidOf({ excluded: [later] })).toEqual([]);
    expect(saidOf({ excluded: [behind] })).toEqual([{ node, reason: 'clock_behind', offsetSeconds: -7_200, msg }]);
    expect(saidOf({})).toEqual([{ node, msg: 'the clock of a node is right again' }]);
  });

  /** Returns the number of lines in ten minutes of updates every 300 ms, which alternate between these. */
  function linesOfTenMinutes(...updates: Parameters<ReturnType<typeof start>>[]) {
    const saidOf = start(300);
    return Array.from({ length: 2_000 }, (_, index) => saidOf(...(updates[index % updates.length] ?? [{}]))).flat()
      .length;
  }

  const clock = (reason: 'clock_ahead' | 'clock_behind', clock_offset_ms: number) =>
    ({ excluded: [{ name: node, reason, report: { ...report, clock_offset_ms } }] }) as const;
  const mismatches = (id: string) => ({ mismatches: [{ name: node, keyIds: [id], hasCommonKey: true }] });

  test.each<[string, number, Parameters<ReturnType<typeof start>>[]]>([
    ['alternates its clock', 10, [[clock('clock_behind', -60_000)], [clock('clock_ahead', 3_155_760_000_000)]]],
    ['has a wrong clock now and then', 20, [[clock('clock_behind', -60_000)], [{}]]],
    [
      'alternates its fingerprints',
      10,
      [
        [{}, mismatches('a')],
        [{}, mismatches('b')],
      ],
    ],
    ['is reached now and then', 20, [[{}, { refuted: [{ name: node, reason: 'r' }] }], [{}]]],
  ])('logs each kind of event of one node at most once in a minute: a node that %s', (_, most, updates) => {
    expect(linesOfTenMinutes(...updates)).toBeLessThanOrEqual(most);
  });

  test('says the last state of a node when the minute is over', () => {
    const saidOf = start(20_000);
    const behind = clock('clock_behind', -60_000);
    const ahead = clock('clock_ahead', 120_000);
    const reasonsOf = (status: Partial<BalancerStatus>) => saidOf(status).map(({ reason, msg }) => reason ?? msg);
    const right = 'the clock of a node is right again';
    expect(reasonsOf(behind)).toEqual(['clock_behind']);
    expect(reasonsOf(ahead)).toEqual([]);
    expect(reasonsOf(ahead)).toEqual([]);
    expect(reasonsOf(ahead)).toEqual(['clock_ahead']);
    // The first end is another kind of event.
    expect(reasonsOf({})).toEqual([right]);
    expect(reasonsOf(behind)).toEqual([]);
    // The last state is the one that was said.
    expect(reasonsOf({})).toEqual([]);
    expect(reasonsOf(behind)).toEqual(['clock_behind']);
    expect(reasonsOf({})).toEqual([right]);
  });

  test('logs the changes of other nodes at once', () => {
    const saidOf = start(300);
    expect(saidOf(doubtOf('eu/a'))).toHaveLength(1);
    expect(saidOf(doubtOf('eu/b')).map(({ node: name }) => name)).toEqual(['eu/b', 'eu/a']);
  });

  test('logs a secret that differs once, and again if no common key is left', () => {
    const saidOf = start();
    const mismatch = { name: node, keyIds: ['new'], hasCommonKey: true };
    const excluded = [{ name: node, reason: 'secret_mismatch', report }] as const;
    const what = 'a node has another secret than this router under the same key id';
    expect(saidOf({}, { mismatches: [mismatch] })).toEqual([
      { node, keyIds: ['new'], msg: `${what}: another key signs for the node` },
    ]);
    expect(saidOf({}, { mismatches: [mismatch] })).toEqual([]);
    expect(saidOf({ excluded }, { mismatches: [{ ...mismatch, hasCommonKey: false }] })).toEqual([
      { node, keyIds: ['new'], msg: `${what}: the node gets no calls` },
    ]);
    expect(saidOf({})).toEqual([{ node, msg: 'a node has the same secrets as this router again' }]);
  });

  // A holder of the token of one node can cause these lines.
  test.each(Object.entries(routerEvents).filter(([event]) => event.startsWith('node.')))(
    'cannot log the event %s of one node as an error',
    (_event, { levels }) => {
      expect(levels.filter((level) => level !== 'info' && level !== 'warn')).toEqual([]);
    },
  );

  test('logs a region that the policy lacks once, however many of its nodes come and go', () => {
    const saidOf = start();
    const region = 'atlantis';
    expect(saidOf({}, { unknownRegions: [{ name: region, nodes: 2, healthy: 1 }] })).toEqual([
      { region, nodes: 2, msg: 'nodes report for a region that the policy lacks: these nodes get no calls' },
    ]);
    expect(saidOf({}, { unknownRegions: [{ name: region, nodes: 9, healthy: 9 }] })).toEqual([]);
    expect(saidOf({})).toEqual([{ region, msg: 'the policy has the region now, or nodes no longer report for it' }]);
  });

  test('names a hundred of very many unknown regions', () => {
    const saidOf = start();
    const many = Array.from({ length: 1_000 }, (_, index) => ({ name: `r${index}`, nodes: 1, healthy: 1 }));
    expect(saidOf({}, { unknownRegions: many })).toHaveLength(100);
    expect(saidOf({}, { unknownRegions: many.toReversed() })).toEqual([]);
  });

  test('names a hundred of very many implausible nodes, and keeps to the same ones', () => {
    const saidOf = start();
    expect(saidOf({ doubted: doubtedNodes(0) })).toHaveLength(100);
    expect(saidOf({ doubted: doubtedNodes(0).toReversed() })).toEqual([]);
    // Ten named nodes are plausible again, and ten others are named.
    expect(saidOf({ doubted: doubtedNodes(10) })).toHaveLength(20);
  });
});
