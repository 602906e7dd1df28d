import { describe, expect, test } from '@jest/globals';
import type { NodeRecord } from '../node-registry.ts';
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
  const believed = records.map((record) => order.newest([record])[0]?.report);
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

  test('the same object is handed out while it is the newest', () => {
    const order = createReportOrder({ onContested: () => undefined });
    const newest = reportOf('a', 2);
    expect(order.newest([newest])[0]).toBe(newest);
    expect(order.newest([reportOf('a', 1)])[0]).toBe(newest);
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
    order.newest([reportOf('a', 9), reportOf('a', 1, '2')]);
    order.newest([reportOf('a', 1, '2')]);
    const older = reportOf('a', 1);
    expect(order.newest([older])[0]).toBe(older);
  });
});
