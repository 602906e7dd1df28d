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

/** Returns the newest report after each of these readings of one node, and the events. */
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

describe('the report order', () => {
  test.each([
    ['accepts the next report', [reportOf('a', 1), reportOf('a', 2)], ['a1', 'a2']],
    ['ignores an older report', [reportOf('a', 2), reportOf('a', 1), reportOf('a', 3)], ['a2', 'a2', 'a3']],
    ['accepts a report of a new boot, whatever its number', [reportOf('a', 9), reportOf('b', 0)], ['a9', 'b0']],
    [
      'ignores the last report of the former boot',
      [reportOf('a', 9), reportOf('b', 0), reportOf('a', 9)],
      ['a9', 'b0', 'b0'],
    ],
    [
      'ignores an older report of the former boot',
      [reportOf('a', 9), reportOf('b', 0), reportOf('a', 8)],
      ['a9', 'b0', 'b0'],
    ],
    [
      'accepts reports without order in the order of arrival',
      [reportOf('a', 9), reportOf(), reportOf('a', 1)],
      ['a9', 'undefinedundefined', 'a1'],
    ],
  ])('%s', (_, records, expected) => {
    expect(follow(...records)).toEqual({ believed: expected, contested: [] });
  });

  test('returns the first report of a node as joined, and its last one when it is forgotten', () => {
    const order = createReportOrder({ onContested: () => undefined });
    const [first, second] = [reportOf('a', 1), reportOf('a', 2)];
    expect(order.take([first])).toEqual({ newest: [first], joined: [first] });
    expect(order.take([second])).toEqual({ newest: [second], joined: [] });
    expect([...order.all()]).toEqual([second]);
    expect(order.forget([second.key, { region: 'fra', id: 'never-there' }])).toEqual([second]);
    expect([...order.all(), order.size()]).toEqual([0]);
    expect(order.take([first])).toEqual({ newest: [first], joined: [first] });
  });

  test('accepts a further report of a former boot, and reports two writers under one key once', () => {
    const records = [
      ['a', 1],
      ['b', 1],
      ['a', 2],
      ['b', 2],
      ['a', 3],
    ].map(([boot, seq]) => reportOf(String(boot), Number(seq)));
    expect(follow(...records)).toEqual({ believed: ['a1', 'b1', 'a2', 'b2', 'a3'], contested: ['fra/1'] });
  });

  test('remembers nothing of a node that was gone', () => {
    const order = createReportOrder({ onContested: () => undefined });
    order.take([reportOf('a', 9), reportOf('a', 1, '2')]);
    order.forget([reportOf('a', 9).key]);
    const older = reportOf('a', 1);
    expect(order.take([older]).newest).toEqual([older]);
  });
});
