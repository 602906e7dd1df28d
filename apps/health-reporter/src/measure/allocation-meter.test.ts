import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocationsCapacity, liveAllocations, tallyAfterSample, type AllocationTally } from './allocation-meter.ts';

/** `50000` is a socket at that port, `50000b` another one there. */
const sample = (text: string) =>
  new Map(text.split(' ').flatMap((socket) => (socket === '' ? [] : [[socket, Number.parseInt(socket, 10)]])));
const at = (text: string, atMs = 0) => ({ sockets: sample(text), atMs });
const none: ReadonlySet<number> = new Set();

/** Takes the samples, `everyMs` apart, and returns what has started after each. */
function startedAfterEach(samples: readonly string[], everyMs = 1_000): number[] {
  let tally: AllocationTally | undefined;
  return samples.map((text, index) => {
    tally = tallyAfterSample(tally, at(text, index * everyMs), none);
    return tally.started;
  });
}

const startedAfter = (samples: readonly string[], everyMs = 1_000) => startedAfterEach(samples, everyMs).at(-1);

/** The live allocations after each sample; a sample may name the relay port of a probe. */
const liveAfter = (...samples: [text: string, probedPort?: number][]) =>
  samples.reduce<{ tally: AllocationTally | undefined; live: number[] }>(
    (seen, [text, port]) => {
      const tally = tallyAfterSample(seen.tally, at(text), port === undefined ? none : new Set([port]));
      return { tally, live: [...seen.live, liveAllocations(tally)] };
    },
    { tally: undefined, live: [] },
  ).live;

describe('started allocations', () => {
  test.each<[what: string, samples: string[], started: number]>([
    ['sockets of the first sample do not count', ['50000 50001'], 0],
    ['nothing changes', ['50000', '50000', '50000'], 0],
    ['one starts', ['', '50000'], 1],
    ['one starts beside another', ['50000', '50000 50001'], 1],
    ['one ends', ['50000 50001', '50000'], 0],
    ['one ends and another starts', ['50000', '50001'], 1],
    ['a port is released and bound again between two samples', ['50000', '50000b'], 1],
    ['a port is bound again later', ['50000', '', '50000b'], 1],
    ['several start at once', ['', '50000 50001 50002'], 3],
    ['the number only grows', ['', '50000 50001', '', '50002'], 2],
  ])('%s', (_what, samples, started) => {
    expect(startedAfter(samples)).toBe(started);
  });

  test("exclude the reporter's own probe, also in the next sample", () => {
    const before = tallyAfterSample(undefined, at('50000'), none);
    const probed = tallyAfterSample(before, at('50000 50001 50002'), new Set([50_001]));
    expect(probed.started).toBe(1);
    expect(tallyAfterSample(probed, at('50000 50001 50002'), none).started).toBe(1);
  });

  test("exclude the probe's allocation while the server keeps it, but include a later call on the same port", () => {
    expect(liveAfter(['50000'], ['50000 50001', 50_001], ['50000 50001'], ['50000 50001b'])).toEqual([1, 1, 1, 2]);
    expect(liveAfter(['50000 50001', 50_001])).toEqual([1]);
    // A call had this port before the probe, which got it on another address.
    expect(liveAfter(['50000'], ['50000', 50_000])).toEqual([1, 1]);
  });

  test.each<[what: string, samples: string[], everyMs: number, started: number[]]>([
    [
      'probes in rounds count once',
      ['', '1', '1', '', '2', '', '', '3', '3', ''],
      1_000,
      [0, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ],
    ['three probes at once count once', ['', '1 2 3', '', '4 5 6', '', '7 8 9'], 1_000, [0, 3, 3, 3, 3, 3]],
    [
      'a call after a probe is left out for it',
      ['', '1', '', '2', '2', '2', '2', '2 3'],
      1_000,
      [0, 1, 1, 1, 1, 1, 1, 2],
    ],
    ['a call of 5 s counts', ['', '1', '1', '1', '1', '1', '', '2'], 1_000, [0, 1, 1, 1, 1, 1, 1, 2]],
    ['an allocation that was there at the start is no short one', ['1', '', '2'], 1_000, [0, 0, 1]],
    ['with rare samples nothing is certainly short', ['', '1', '', '2'], 2_500, [0, 1, 1, 2]],
    ['at the limit: short', ['', '1', '', '2'], 2_250, [0, 1, 1, 1]],
  ])('of short allocations: %s', (_what, samples, everyMs, started) => {
    expect(startedAfterEach(samples, everyMs)).toEqual(started);
  });

  test("of the reporter's own probe leave no other allocation out", () => {
    const first = tallyAfterSample(undefined, at(''), none);
    const probed = tallyAfterSample(first, at('1', 1_000), new Set([1]));
    const ended = tallyAfterSample(probed, at('', 2_000), none);
    expect(tallyAfterSample(ended, at('2', 3_000), none).started).toBe(1);
  });

  test('are at least the new live allocations at the end, and at most all allocations that were seen', () => {
    const samples = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), { minLength: 1 });
    fc.assert(
      fc.property(samples, (ports) => {
        const started = startedAfter(ports.map((bound) => bound.join(' '))) ?? NaN;
        const [first = []] = ports;
        expect(started).toBeGreaterThanOrEqual((ports.at(-1) ?? []).filter((port) => !first.includes(port)).length);
        expect(started).toBeLessThanOrEqual(ports.slice(1).flat().length);
      }),
    );
  });
});

describe('the capacity for allocations', () => {
  test.each([
    ['as many as there are ports', { min: 49_152, max: 65_535 }, undefined, 16_384],
    ['one port', { min: 20_000, max: 20_000 }, undefined, 1],
    ['more files than ports can need', { min: 20_000, max: 20_099 }, { limit: 20_000 }, 100],
    ['fewer files', { min: 49_152, max: 65_535 }, { limit: 1_024 }, 512],
  ])('%s', (_what, ports, files, expected) => {
    expect(allocationsCapacity(ports, files)).toBe(expected);
  });
});
