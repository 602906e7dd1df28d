import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocationsCapacity, figuresOf, tallyAfterSample, type AllocationTally } from './allocation-meter.ts';

/** `50000` is a socket at that port, `50000b` another one there. */
const sample = (text: string) =>
  new Map(text.split(' ').flatMap((socket) => (socket === '' ? [] : [[socket, Number.parseInt(socket, 10)]])));
const at = (text: string, atMs: number) => ({ sockets: sample(text), atMs });
const none: ReadonlySet<number> = new Set();

/** Takes the samples, `everyMs` apart, and returns the figures after each. A sample may name the relay port of a probe. */
function figuresAfterEach(samples: readonly (string | [text: string, probedPort: number])[], everyMs = 1_000) {
  let tally: AllocationTally | undefined;
  return samples.map((each, index) => {
    const [text, port] = typeof each === 'string' ? [each, undefined] : each;
    tally = tallyAfterSample(tally, at(text, index * everyMs), port === undefined ? none : new Set([port]));
    return figuresOf(tally);
  });
}

const startedAfter = (samples: Parameters<typeof figuresAfterEach>[0], everyMs?: number) =>
  figuresAfterEach(samples, everyMs).at(-1)?.started;

/** Samples of one text, a second apart. */
const times = (count: number, text: string) => Array.from({ length: count }, () => text);

describe('started allocations', () => {
  test.each<[what: string, samples: string[], started: number]>([
    ['sockets of the first sample do not count', ['50000 50001', '50000 50001'], 0],
    ['nothing changes', ['50000', '50000', '50000'], 0],
    ['one starts', ['', '50000', '50000'], 1],
    ['one starts beside another', ['50000', '50000 50001', '50000 50001'], 1],
    ['one ends', ['50000 50001', '50000', '50000'], 0],
    ['one ends and another starts', ['50000', '50001', '50001'], 1],
    ['a port is released and bound again between two samples', ['50000', '50000b', '50000b'], 1],
    ['a port is bound again later', ['50000', '', '50000b', '50000b'], 1],
    ['several start at once', ['', '50000 50001 50002', '50000 50001 50002'], 3],
    ['the number only grows', ['', '50000 50001', '50000 50001', '', '50002', '50002'], 3],
    ['each counts once', ['', '50000', '50000', '50000', '50000'], 1],
  ])('%s', (_what, samples, started) => {
    expect(startedAfter(samples, 7_000)).toBe(started);
  });

  test.each<[what: string, samples: string[], everyMs: number, started: number]>([
    ['probes in rounds', ['', '1', '1', '', '2', '', '', '3', '3', ''], 1_000, 0],
    ['many probes at once', ['', '1 2 3', '1 2 3', '', '4 5 6', '4 5 6', ''], 1_000, 0],
    ['probes that follow each other', ['', '1', '1', '1 2', '2', '2 3', '3', '3 4', '4', '4 5', '5'], 1_000, 0],
    ['a probe that fails after 5 s', ['', ...times(7, '1'), ''], 1_000, 0],
    ['a call of 7 s', ['', ...times(8, '1'), ''], 1_000, 1],
    ['a call beside probes', ['', '1', '1', '1 2', '1 2', '1', '1 3', '1', '1'], 1_000, 1],
    ['two rare samples', ['', '1', '1'], 5_000, 0],
    ['three rare samples', ['', '1', '1', '1'], 5_000, 1],
  ])('of short allocations count none: %s', (_what, samples, everyMs, started) => {
    expect(startedAfter(samples, everyMs)).toBe(started);
  });

  test("exclude the reporter's own probe, also in the next samples", () => {
    expect(startedAfter(['50000', ['50000 50001 50002', 50_001], '50000 50001 50002'], 7_000)).toBe(1);
  });
});

const liveAfter = (...samples: Parameters<typeof figuresAfterEach>[0]) =>
  figuresAfterEach(samples).map(({ live }) => live);

describe('live allocations', () => {
  test("exclude the probe's allocation while the server keeps it, but include a later call on the same port", () => {
    expect(liveAfter('50000', ['50000 50001', 50_001], '50000 50001', '50000 50001b')).toEqual([1, 1, 1, 2]);
    expect(liveAfter(['50000 50001', 50_001])).toEqual([1]);
    // A call had this port before the probe, which got it on another address.
    expect(liveAfter('50000', ['50000', 50_000])).toEqual([1, 1]);
  });

  test('are settled from the first sample on, or after 7 s', () => {
    const settled = figuresAfterEach(['1', '1 2', ...times(6, '1 2'), '1 2', '2', '']).map((each) => each.settled);
    expect(settled).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 0]);
  });
});

describe('whatever the samples are', () => {
  const anySamples = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 30 });

  test('settled allocations grow by no more than what has started, so no call ends before it starts', () => {
    fc.assert(
      fc.property(anySamples, fc.integer({ min: 500, max: 8_000 }), (samples, everyMs) => {
        const figures = figuresAfterEach(
          samples.map((ports) => ports.join(' ')),
          everyMs,
        );
        let before = figures[0];
        for (const each of figures) {
          expect(each.settled).toBeLessThanOrEqual(each.live);
          expect(each.settled - (before?.settled ?? 0)).toBeLessThanOrEqual(each.started - (before?.started ?? 0));
          before = each;
        }
      }),
    );
  });

  test('allocations that all end within 6 s never start, and none is ever settled', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const texts = samples.flatMap((ports, round) => times(6, ports.map((port) => `${port}r${round}`).join(' ')));
        const figures = figuresAfterEach(['', ...texts]);
        expect(figures.map(({ settled, started }) => settled + started)).toEqual(figures.map(() => 0));
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
