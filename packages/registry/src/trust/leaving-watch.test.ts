import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { NodeRecord } from '../nodes/node-registry.ts';
import { createLeavingWatch } from './leaving-watch.ts';

function node(id: string, report: Partial<NodeReport> = {}): NodeRecord {
  const figures = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.1', port: 3478 } as const;
  return { key: { region: 'fra', id }, report: { ...figures, ...report } };
}

const leaving = (id: string, seconds = 30) => node(id, { leaving_seconds: seconds });
const ids = (keys: readonly { readonly id: string }[]) => keys.map(({ id }) => id);

/** A watch that has read these reports at 0 s. */
function watchOf(...records: NodeRecord[]) {
  const watch = createLeavingWatch();
  watch.takeReports(records, 0);
  return {
    watch,
    /** Asks the nodes that are due. Returns their ids, and those of the silent ones. */
    ask: (seconds: number, ...answering: string[]) => {
      const asked = watch.takeAsked(seconds * 1000);
      const silent = watch.takeAnswers(asked, new Set(answering.map((id) => `fra/${id}`)));
      return [ids(asked.map(({ key }) => key)), ids(silent)];
    },
    overdue: (seconds: number) => ids(watch.takeOverdue(seconds * 1000)),
  };
}

describe('a leaving node', () => {
  test('is asked at once, and stays while it answers, until its time has passed', () => {
    const { watch, ask, overdue } = watchOf(leaving('a'), node('b'));
    expect(ask(0, 'a')).toEqual([['a'], []]);
    expect(ask(0.9, 'a')).toEqual([[], []]);
    expect(ask(1, 'a')).toEqual([['a'], []]);
    expect([overdue(29.9), watch.keeps(leaving('a').key), watch.keeps(node('b').key)]).toEqual([[], true, false]);
    expect([overdue(30), watch.keeps(leaving('a').key)]).toEqual([['a'], false]);
    expect([overdue(31), ask(31)]).toEqual([[], [[], []]]);
  });

  test('is dropped when it does not answer, also after it has answered before', () => {
    const { watch, ask, overdue } = watchOf(leaving('a'), leaving('b'));
    expect(ask(0, 'a')).toEqual([['a', 'b'], ['b']]);
    expect(watch.keeps(leaving('b').key)).toBe(false);
    expect(ask(1)).toEqual([['a'], ['a']]);
    expect(overdue(60)).toEqual([]);
  });

  test('is a normal node once it reports again, and a late answer changes nothing', () => {
    const { watch, overdue } = watchOf(leaving('a'));
    const asked = watch.takeAsked(0);
    watch.takeReports([node('a')], 1_000);
    expect(watch.takeAnswers(asked, new Set())).toEqual([]);
    expect([watch.keeps(node('a').key), overdue(60)]).toEqual([false, []]);
  });

  test('that is forgotten is not asked, is not kept, and is not dropped later', () => {
    const { watch, ask, overdue } = watchOf(leaving('a'), leaving('b'));
    const asked = watch.takeAsked(0);
    watch.forget([leaving('a').key, node('unknown').key]);
    expect(ids(watch.takeAnswers(asked, new Set(['fra/b'])))).toEqual([]);
    expect([watch.keeps(leaving('a').key), ask(1, 'b'), overdue(60)]).toEqual([false, [['b'], []], ['b']]);
  });

  test('leaves again with its whole time if it reports that it leaves again', () => {
    const { watch, overdue } = watchOf(leaving('a'));
    watch.takeReports([leaving('a', 10)], 25_000);
    expect([overdue(34.9), overdue(35)]).toEqual([[], ['a']]);
  });

  test.each<[what: string, record: NodeRecord]>([
    ['is unhealthy', node('a', { status: 'unhealthy', leaving_seconds: 30 })],
    ['drains', node('a', { status: 'draining', leaving_seconds: 30 })],
  ])('is not asked if it %s', (_what, record) => {
    const { watch, ask } = watchOf(record);
    expect([ask(0), watch.keeps(record.key)]).toEqual([[[], []], false]);
  });

  test('waits if too many nodes leave at once: those that waited longest are asked first', () => {
    const { watch } = watchOf(...Array.from({ length: 1_200 }, (_, index) => leaving(`${index}`)));
    const rounds = [0, 500, 1_000].map((nowMs) => {
      const asked = watch.takeAsked(nowMs);
      watch.takeAnswers(asked, new Set(asked.map(({ key }) => `fra/${key.id}`)));
      return ids(asked.map(({ key }) => key));
    });
    expect(rounds.map((round) => round.length)).toEqual([500, 500, 500]);
    expect(new Set(rounds.flat()).size).toBe(1_200);
  });

  test.each<[what: string, records: NodeRecord[]]>([
    ['rewritten', [leaving('a')]],
    ['rewritten with and without its leaving', [node('a'), leaving('a')]],
    ['removed and written', [leaving('a', 0), leaving('a')]],
  ])('is asked at most once a second, although its record is %s every 100 ms', (_what, records) => {
    const { watch, ask, overdue } = watchOf();
    const askedAtMs: number[] = [];
    for (let nowMs = 0; nowMs < 5_000; nowMs += 100) {
      for (const record of records) {
        watch.takeReports([record], nowMs);
        overdue(nowMs / 1_000);
      }
      const [asked = []] = ask(nowMs / 1_000, 'a');
      if (asked.length > 0) askedAtMs.push(nowMs);
    }
    expect(askedAtMs).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  });

  test('without any time is overdue at once', () => {
    expect(watchOf(leaving('a', 0)).overdue(0)).toEqual(['a']);
  });
});
