import { describe, expect, test } from '@jest/globals';
import type { ModeControl } from '../drain/requested-mode.ts';
import { bad, good, runLife, type Life } from './reporter-life.fixture.ts';

const handOver = (modeControl: ModeControl) => modeControl.handOver();
const stop = (modeControl: ModeControl) => modeControl.stop();
const file = (modeControl: ModeControl) => modeControl.withdraw(true);
const software = "Coturn-4.17.2 'Gorst'";

describe('a reporter that hands its node over', () => {
  test.each<[what: string, life: Life, events: string[]]>([
    [
      'leaves its record for the bound, whatever calls the node has',
      { commands: [[3_000, handOver]], allocations: () => 3 },
      ['250 put healthy udp,tcp #1 15000', '3000 put healthy udp,tcp #2 60000 leaving 60'],
    ],
    [
      'never signals the TURN server',
      { commands: [[3_000, handOver]], software },
      ['250 put healthy udp,tcp #1 15000', '3000 put healthy udp,tcp #2 60000 leaving 60'],
    ],
    [
      'reports the state that the probes show',
      { steps: [good, bad, bad, bad], commands: [[13_000, handOver]] },
      [
        '250 put healthy udp,tcp #1 15000',
        '5250 put healthy udp,tcp #2 15000',
        '10250 put unhealthy - #3 15000',
        '13000 put unhealthy - #4 60000 leaving 60',
      ],
    ],
    ['leaves the record of the run before, if it has not reported yet', { commands: [[100, handOver]] }, []],
    [
      'leaves the record of the run before, if its probes are not decided yet',
      { commands: [[6_000, handOver]], options: { thresholds: { success: 3, failure: 2 } } },
      [],
    ],
    [
      'tries once if the registry is unreachable: its record then expires as usual',
      { commands: [[3_000, handOver]], awayFromTo: [2_000, 9_000] },
      ['250 put healthy udp,tcp #1 15000', 'refused #2'],
    ],
    [
      'does not wait for a running probe',
      { steps: [good, { ...good, takesMs: 2_000 }], commands: [[6_000, handOver]] },
      ['250 put healthy udp,tcp #1 15000', '6000 put healthy udp,tcp #2 60000 leaving 60'],
    ],
    [
      'drains instead while the drain file exists',
      {
        commands: [
          [3_000, file],
          [4_100, handOver],
        ],
        software,
      },
      [
        '250 put healthy udp,tcp #1 15000',
        '3000 put draining udp,tcp #2 15000',
        '4100 put draining udp,tcp #3 15000',
        `6100 signal ${software}`,
        '6100 remove',
      ],
    ],
    [
      'leaves no record if the node is withdrawn',
      {
        commands: [
          [3_000, file],
          [9_000, handOver],
        ],
      },
      ['250 put healthy udp,tcp #1 15000', '3000 put draining udp,tcp #2 15000', '5000 remove'],
    ],
    [
      'drains if it is told to stop during a drain',
      {
        commands: [
          [3_000, stop],
          [3_500, handOver],
        ],
        allocations: () => 3,
      },
      ['250 put healthy udp,tcp #1 15000', '3000 put draining udp,tcp #2 15000', '3500 remove'],
    ],
  ])('%s', async (_what, life, events) => {
    expect((await runLife(life)).events.map((event) => event.replace(/^\d+ (?=refused)/, ''))).toEqual(events);
  });

  test('drains if a stop comes while the registry takes its last report', async () => {
    let control: ModeControl | undefined;
    const { events } = await runLife({
      commands: [
        [
          3_000,
          (modeControl) => {
            control = modeControl;
            modeControl.handOver();
          },
        ],
      ],
      whilePutting: async () => {
        if (control?.current() === 'hand_over') control.stop();
      },
    });
    expect(events).toEqual([
      '250 put healthy udp,tcp #1 15000',
      '3000 put healthy udp,tcp #2 60000 leaving 60',
      '3000 put draining udp,tcp #3 15000',
      '5000 remove',
    ]);
  });

  test('logs it once', async () => {
    const { log } = await runLife({ commands: [[3_000, handOver]] });
    expect(log.slice(1)).toEqual([
      '{"level":30,"event":"node.handed_over","seconds":60,"msg":"the reporter stops without a drain: routers keep the node while it answers, for at most 60 s"}',
    ]);
  });
});

test('a reporter that starts does not replace the record of the run before until its probes are decided', async () => {
  const three = { thresholds: { success: 3, failure: 2 } };
  const { events } = await runLife({ steps: [good, good, good], options: three });
  expect(events.slice(0, 2)).toEqual(['10250 put healthy udp,tcp #1 15000', '15250 put draining udp,tcp #2 15000']);
  const { events: ofDead } = await runLife({ steps: [bad, bad], options: three });
  expect(ofDead.slice(0, 2)).toEqual(['250 put unhealthy - #1 15000', '5250 put unhealthy - #2 15000']);
});
