import { transportSchema, type Transport } from '@turn-router/contract';
import { describe, expect, test } from '@jest/globals';
import { healthAfterRound, provenTransports, startingHealth } from './health-state.ts';

/** A round as text: `udp+ tcp-` is a UDP probe that passed and a TCP probe that failed. */
function round(text: string): Map<Transport, { ok: boolean }> {
  return new Map(
    text.split(' ').map((probe) => [transportSchema.parse(probe.slice(0, -1)), { ok: probe.endsWith('+') }]),
  );
}

function after(rounds: string[], thresholds = { success: 1, failure: 2 }): string {
  const state = rounds.map(round).reduce((health, next) => healthAfterRound(health, next, thresholds), startingHealth);
  return [state.phase, ...provenTransports(state)].join(' ');
}

const both = 'udp+ tcp+';
const none = 'udp- tcp-';

describe('a node that has succeeded once and may fail once (thresholds 1 and 2)', () => {
  test.each<[what: string, rounds: string[], expected: string]>([
    ['is starting before any probe', [], 'starting'],
    ['is healthy after one good round', [both], 'healthy udp tcp'],
    ['is still starting after one bad round', [none], 'starting'],
    ['is unhealthy after two bad rounds at the start', [none, none], 'unhealthy'],
    ['stays healthy through one bad round', [both, none], 'healthy udp tcp'],
    ['is unhealthy after two bad rounds in a row', [both, none, none], 'unhealthy'],
    ['stays healthy when bad rounds are not in a row', [both, none, both, none, both], 'healthy udp tcp'],
    ['is healthy again after one good round', [both, none, none, both], 'healthy udp tcp'],
    ['keeps TCP through one failure', [both, 'udp+ tcp-'], 'healthy udp tcp'],
    ['loses TCP alone after two failures', [both, 'udp+ tcp-', 'udp+ tcp-'], 'healthy udp'],
    ['gets TCP back after one success', [both, 'udp+ tcp-', 'udp+ tcp-', both], 'healthy udp tcp'],
    ['is healthy on TCP alone', ['udp- tcp+'], 'healthy tcp'],
    ['never goes back to starting', [both, none, none, none], 'unhealthy'],
    ['survives when its transports fail in turns', [both, 'udp- tcp+', 'udp+ tcp-', 'udp- tcp+'], 'healthy udp tcp'],
  ])('%s', (_what, rounds, expected) => {
    expect(after(rounds)).toBe(expected);
  });
});

describe('thresholds of 3 successes and 3 failures', () => {
  const thresholds = { success: 3, failure: 3 };

  test.each<[what: string, rounds: string[], expected: string]>([
    ['below: two successes prove nothing', [both, both], 'starting'],
    ['at: three do', [both, both, both], 'healthy udp tcp'],
    ['a failure between begins the count anew', [both, both, none, both, both], 'starting'],
    ['below: two failures disprove nothing', [both, both, both, none, none], 'healthy udp tcp'],
    ['at: three do', [both, both, both, none, none, none], 'unhealthy'],
    [
      'a flapping transport that was disproven stays so',
      [both, both, both, none, none, none, both, none, both],
      'unhealthy',
    ],
  ])('%s', (_what, rounds, expected) => {
    expect(after(rounds, thresholds)).toBe(expected);
  });
});
