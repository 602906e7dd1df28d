import { describe, expect, test } from '@jest/globals';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { createReportOrder } from './report-order.ts';

function reportOf(boot?: string, seq?: number, id = '1'): NodeRecord {
  const order = { ...(boot === undefined ? {} : { boot_id: boot }), ...(seq === undefined ? {} : { seq }) };
  return {
    key: { region: 'fra', id },
    report: { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.1', port: 3478, ...order },
  };
}

/** What is believed after each of these readings of one node, and what was said. */
function follow(...records: NodeRecord[]) {
  const contested: string[] = [];
  const order = createReportOrder({ onContested: (node) => contested.push(node) });
  const believed = records.map((record) => {
    const { newest } = order.take([record]);
    const report = order.newestOf('fra/1')?.report;
    expect(newest).toEqual(report === record.report ? [record] : []);
    return report;
  });
  return { believed: believed.map((report) => `${report?.boot_id}${report?.seq}`), contested };
}

describe('of the reports of one node', () => {
  test.each([
    ['the next one is taken', [reportOf('a', 1), reportOf('a', 2)], ['a1', 'a2']],
    ['an older one is not', [reportOf('a', 2), reportOf('a', 1), reportOf('a', 3)], ['a2', 'a2', 'a3']],
    ['one of a new boot is taken, whatever its number', [reportOf('a', 9), reportOf('b', 0)], ['a9', 'b0']],
    [
      'the last one of the former boot is not',
      [reportOf('a', 9), reportOf('b', 0), reportOf('a', 9)],
      ['a9', 'b0', 'b0'],
    ],
    [
      'an older one of the former boot is not',
      [reportOf('a', 9), reportOf('b', 0), reportOf('a', 8)],
      ['a9', 'b0', 'b0'],
    ],
    [
      'those without order are taken as they come',
      [reportOf('a', 9), reportOf(), reportOf('a', 1)],
      ['a9', 'undefinedundefined', 'a1'],
    ],
  ])('%s', (_, records, expected) => {
    expect(follow(...records)).toEqual({ believed: expected, contested: [] });
  });

  test('the first one of a node says that it has joined, and what it said last goes with it', () => {
    const order = createReportOrder({ onContested: () => undefined });
    const [first, second] = [reportOf('a', 1), reportOf('a', 2)];
    expect(order.take([first])).toEqual({ newest: [first], joined: [first] });
    expect(order.take([second])).toEqual({ newest: [second], joined: [] });
    expect([...order.all()]).toEqual([second]);
    expect(order.forget([second.key, { region: 'fra', id: 'never-there' }])).toEqual([second]);
    expect([...order.all(), order.size()]).toEqual([0]);
    expect(order.take([first])).toEqual({ newest: [first], joined: [first] });
  });

  test('one of a former boot that goes on is taken: two reporters write under one key, which is said once', () => {
    const records = [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['b', 2],
      ['a', 3],
    ].map(([boot, seq]) => reportOf(String(boot), Number(seq)));
    expect(follow(...records)).toEqual({ believed: ['a1', 'b1', 'a2', 'b2', 'a3'], contested: ['fra/1'] });
  });

  test('nothing is remembered once the node was gone', () => {
    const order = createReportOrder({ onContested: () => undefined });
    order.take([reportOf('a', 9), reportOf('a', 1, '2')]);
    order.forget([reportOf('a', 9).key]);
    const older = reportOf('a', 1);
    expect(order.take([older]).newest).toEqual([older]);
  });
});
