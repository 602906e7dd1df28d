import { describe, expect, test } from '@jest/globals';
import type { ModeControl } from '../drain/requested-mode.ts';
import { bad, good, runLife, type Life } from './reporter-life.fixture.ts';

const term = (modeControl: ModeControl) => modeControl.stop();
const undo = (modeControl: ModeControl) => void modeControl.cancelStop();
const put = (modeControl: ModeControl) => modeControl.withdraw(true);
const take = (modeControl: ModeControl) => modeControl.withdraw(false);

/** `<ms> <status>` of each report, and the other actions. */
async function storyOf(life: Life) {
  const { events, ...rest } = await runLife(life);
  return { ...rest, story: events.map((event) => event.replace(/ put (\w+) .*/, ' $1')) };
}

/** The ends of drains in the log. */
const endsIn = (log: readonly string[]) => log.flatMap((line) => /"end":"(\w+)"/.exec(line)?.[1] ?? []);

const busy = () => 3;

describe('a drain', () => {
  test.each<[what: string, life: Life, story: string[], ends: string[]]>([
    [
      'is published at once, and ends without allocations after every router has read it',
      { commands: [[3_000, term]] },
      ['250 healthy', '3000 draining', '5000 remove'],
      ['empty'],
    ],
    [
      'ends within a second of its last allocation',
      { commands: [[3_000, term]], allocations: (nowMs) => (nowMs < 6_500 ? 1 : 0) },
      ['250 healthy', '3000 draining', '7000 remove'],
      ['empty'],
    ],
    [
      'keeps reporting, and ends at its deadline',
      { commands: [[3_000, term]], allocations: busy },
      ['250 healthy', '3000 draining', '8000 draining', '11000 remove'],
      ['deadline'],
    ],
    [
      'lasts until the deadline if allocations cannot be counted',
      { commands: [[3_000, term]], allocations: () => undefined },
      ['250 healthy', '3000 draining', '8000 draining', '11000 remove'],
      ['deadline'],
    ],
    [
      'ends at once at a second signal',
      {
        commands: [
          [3_000, term],
          [4_100, term],
        ],
        allocations: busy,
      },
      ['250 healthy', '3000 draining', '4100 remove'],
      ['hurried'],
    ],
    [
      'is published even when both signals come at once',
      {
        commands: [
          [3_000, term],
          [3_000, term],
        ],
        allocations: busy,
      },
      ['250 healthy', '3000 draining', '3000 remove'],
      ['hurried'],
    ],
    [
      'is canceled, and starts again with its whole deadline',
      {
        commands: [
          [3_000, term],
          [4_100, undo],
          [12_000, term],
        ],
        allocations: busy,
      },
      [
        '250 healthy',
        '3000 draining',
        '4350 healthy',
        '9350 healthy',
        '12000 draining',
        '17000 draining',
        '20000 remove',
      ],
      ['undone', 'deadline'],
    ],
    [
      'ends in the state that the probes show when it is canceled',
      {
        steps: [good, { probe: 'udp+ tcp-' }, bad, bad, bad],
        commands: [
          [3_000, term],
          [9_000, undo],
          [24_000, term],
        ],
        allocations: busy,
      },
      [
        '250 healthy',
        '3000 draining',
        '8000 draining',
        '9250 healthy',
        '14250 unhealthy',
        '19250 unhealthy',
        '24000 draining',
        '29000 draining',
        '32000 remove',
      ],
      ['undone', 'deadline'],
    ],
    [
      'starts its deadline when the registry has the report',
      { commands: [[3_000, term]], putTakesMs: 1_900 },
      ['2150 healthy', '4900 draining', '6900 remove'],
      ['empty'],
    ],
    [
      'does not wait for a running probe',
      { steps: [{ ...good, takesMs: 2_000 }], commands: [[1_000, term]] },
      ['1000 draining', '3000 remove'],
      ['empty'],
    ],
  ])('%s', async (_what, life, story, ends) => {
    const told = await storyOf(life);
    expect(told.story).toEqual(story);
    expect(endsIn(told.log)).toEqual(ends);
  });

  test('reports the falling load', async () => {
    const { reports } = await storyOf({ commands: [[3_000, term]], allocations: (nowMs) => (nowMs < 8_000 ? 5 : 2) });
    expect(reports.map(({ status, allocations }) => `${status} ${allocations}`)).toEqual([
      'healthy 5',
      'draining 5',
      'draining 2',
    ]);
  });

  test('reports its probes, which continue', async () => {
    const { reports } = await storyOf({ steps: [good, bad], commands: [[3_000, term]], allocations: busy });
    expect(reports.map(({ probe }) => probe)).toMatchObject([
      { state: 'healthy', reason: 'proven', udp: { ok: true } },
      { state: 'draining', reason: 'stopping', udp: { ok: true } },
      { state: 'draining', reason: 'stopping', udp: { ok: false, reason: 'timeout' } },
    ]);
  });
});

describe('the drain file', () => {
  test.each<[what: string, life: Life, story: string[], ends: string[]]>([
    [
      'withdraws the node until the file is removed; the reporter then reports again',
      {
        commands: [
          [3_000, put],
          [30_100, take],
          [33_000, term],
        ],
      },
      ['250 healthy', '3000 draining', '5000 remove', '30350 healthy', '33000 draining', '35000 remove'],
      ['empty', 'empty'],
    ],
    [
      'has a separate deadline',
      {
        commands: [
          [3_000, put],
          [70_000, term],
        ],
        allocations: () => 1,
        options: { intervalMs: 20_000 },
      },
      ['250 healthy', '3000 draining', '23000 draining', '43000 draining', '63000 draining', '63000 remove'],
      ['deadline'],
    ],
    [
      'cancels the drain when it is removed during the drain',
      {
        commands: [
          [3_000, put],
          [4_100, take],
          [7_000, term],
        ],
      },
      ['250 healthy', '3000 draining', '4350 healthy', '7000 draining', '9000 remove'],
      ['undone', 'empty'],
    ],
    [
      'makes the reporter start with a drain if it exists at the start; SIGTERM then ends the reporter without another drain',
      {
        commands: [
          [0, put],
          [60_000, term],
        ],
      },
      ['0 draining', '2000 remove'],
      ['empty'],
    ],
    [
      'has no effect after SIGTERM, and has an effect again after SIGTERM is canceled',
      {
        commands: [
          [3_000, put],
          [5_100, term],
          [6_100, undo],
          [10_100, term],
        ],
        allocations: () => 1,
      },
      [
        '250 healthy',
        '3000 draining',
        '5100 draining',
        '6100 draining',
        '10100 draining',
        '15100 draining',
        '18100 remove',
      ],
      ['overtaken', 'overtaken', 'overtaken', 'deadline'],
    ],
  ])('%s', async (_what, life, story, ends) => {
    const told = await storyOf(life);
    expect(told.story).toEqual(story);
    expect(endsIn(told.log)).toEqual(ends);
  });

  test('is the reason in the report and in the log', async () => {
    const { reports, log } = await storyOf({
      commands: [
        [3_000, put],
        [30_000, take],
        [31_000, term],
      ],
    });
    expect(reports[1]?.probe).toMatchObject({
      state: 'draining',
      reason: 'staying_away',
      text: 'the drain file exists',
    });
    expect(log.slice(1)).toEqual([
      '{"level":30,"event":"drain.started","reason":"staying_away","allocations":0,"deadlineSeconds":60,"msg":"the node is draining"}',
      '{"level":30,"event":"drain.ended","end":"empty","seconds":2,"allocations":0,"msg":"the drain is over: no allocation is left"}',
      '{"level":30,"event":"node.record_removed","msg":"the record is removed from the registry"}',
      '{"level":30,"event":"node.withdrawn","msg":"the node is withdrawn and has no record: waiting until the drain file is removed"}',
      '{"level":30,"event":"node.restored","msg":"the drain file is gone: the node is probed and reported again"}',
      expect.stringContaining('"from":"starting","to":"healthy"'),
      '{"level":30,"event":"drain.started","reason":"stopping","allocations":0,"deadlineSeconds":8,"msg":"the node is draining"}',
      '{"level":30,"event":"drain.ended","end":"empty","seconds":2,"allocations":0,"msg":"the drain is over: no allocation is left"}',
      '{"level":30,"event":"node.record_removed","msg":"the record is removed from the registry"}',
    ]);
  });
});

describe('the TURN server', () => {
  const software = "Coturn-4.17.2 'Gorst'";

  test('gets the signal to drain right before the record is removed, when the drain can no longer be canceled', async () => {
    const { story } = await storyOf({
      software,
      commands: [
        [3_000, term],
        [4_000, undo],
        [6_000, term],
      ],
    });
    expect(story.slice(2)).toEqual(['4250 healthy', '6000 draining', `8000 signal ${software}`, '8000 remove']);
  });

  test('is identified even if the node starts as draining, and identified again after a withdrawal', async () => {
    const { story } = await storyOf({
      software,
      allocations: (nowMs) => (nowMs < 6_000 ? 1 : 0),
      commands: [
        [0, put],
        [20_000, take],
        [20_100, term],
      ],
    });
    expect(story).toEqual([
      '0 draining',
      '5000 draining',
      `6000 signal ${software}`,
      '6000 remove',
      '20100 draining',
      '22100 remove',
    ]);
  });
});
