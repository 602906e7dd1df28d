import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { roundFromText } from '../probe/probe-round.fixture.ts';
import {
  healthAfterRound,
  provenKeyIds,
  provenPaths,
  provenReach,
  startingHealth,
  type HealthState,
} from './health-state.ts';

function stateAfter(rounds: string[], thresholds = { success: 1, failure: 2 }): HealthState {
  return rounds
    .map((text) => roundFromText(text))
    .reduce((health, next) => healthAfterRound(health, next, thresholds), startingHealth);
}

function after(rounds: string[], thresholds = { success: 1, failure: 2 }): string {
  const state = stateAfter(rounds, thresholds);
  return [state.phase, ...provenPaths(state)].join(' ');
}

const both = 'udp+ tcp+';
const none = 'udp- tcp-';

describe('a node with the thresholds of 1 success and 2 failures', () => {
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
    ['loses only TCP after two failures', [both, 'udp+ tcp-', 'udp+ tcp-'], 'healthy udp'],
    ['gets TCP back after one success', [both, 'udp+ tcp-', 'udp+ tcp-', both], 'healthy udp tcp'],
    ['is healthy if only TCP is proven', ['udp- tcp+'], 'healthy tcp'],
    ['never goes back to starting', [both, none, none, none], 'unhealthy'],
    ['stays healthy after the first probes that find a draining server', [both, 'udp! tcp!'], 'healthy udp tcp'],
    ['is draining after the second probes that find a draining server', [both, 'udp! tcp!', 'udp! tcp-'], 'draining'],
    ['is unhealthy when the draining server is gone', [both, 'udp! tcp!', 'udp! tcp!', none], 'unhealthy'],
    [
      'stays healthy when its transports fail in turns',
      [both, 'udp- tcp+', 'udp+ tcp-', 'udp- tcp+'],
      'healthy udp tcp',
    ],
  ])('%s', (_what, rounds, expected) => {
    expect(after(rounds)).toBe(expected);
  });
});

describe('with the thresholds of 3 successes and 3 failures', () => {
  const thresholds = { success: 3, failure: 3 };

  test.each<[what: string, rounds: string[], expected: string]>([
    ['two successes do not prove a transport', [both, both], 'starting'],
    ['three successes prove a transport', [both, both, both], 'healthy udp tcp'],
    ['a failure in between restarts the count', [both, both, none, both, both], 'starting'],
    ['two failures do not disprove a transport', [both, both, both, none, none], 'healthy udp tcp'],
    ['three failures disprove a transport', [both, both, both, none, none, none], 'unhealthy'],
    [
      'a disproven transport stays disproven while its probes pass and fail in turns',
      [both, both, both, none, none, none, both, none, both],
      'unhealthy',
    ],
  ])('%s', (_what, rounds, expected) => {
    expect(after(rounds, thresholds)).toBe(expected);
  });
});

describe('probes that fail and pass in turns', () => {
  test('never change any state if one probe in a row is not enough', () => {
    const moreThanOne = fc.integer({ min: 2, max: 5 });
    fc.assert(
      fc.property(
        moreThanOne,
        moreThanOne,
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        (success, failure, up, turns) => {
          const thresholds = { success, failure };
          const before = Array<string>(5).fill(up ? both : none);
          const flapping = Array.from({ length: turns }, (_, turn) => ((turn % 2 === 0) === up ? none : both));
          expect(after([...before, ...flapping], thresholds)).toBe(after(before, thresholds));
        },
      ),
    );
  });

  test('leave a healthy node healthy at the default thresholds', () => {
    expect(after([both, none, both, none, both, none])).toBe('healthy udp tcp');
  });
});

describe('the published transports and families', () => {
  test.each<[proven: string, families: string[], transports: string[]]>([
    ['', [], []],
    ['udp+ tcp+', ['IPv4'], ['udp', 'tcp']],
    ['udp6+ tls6+', ['IPv6'], ['udp', 'tls']],
    ['udp+ tcp+ udp6+ tcp6+', ['IPv4', 'IPv6'], ['udp', 'tcp']],
    ['udp+ tcp+ udp6+ tcp6-', ['IPv4'], ['udp', 'tcp']],
    ['udp+ tcp- udp6+ tcp6+', ['IPv4', 'IPv6'], ['udp']],
    ['udp+ tcp- udp6- tcp6+', ['IPv4'], ['udp']],
    ['udp- tcp- udp6+ tcp6+', ['IPv6'], ['udp', 'tcp']],
    ['udp+ tcp+ udp6- tcp6-', ['IPv4'], ['udp', 'tcp']],
  ])('with %j proven: %j over %j', (proven, families, transports) => {
    expect(provenReach(stateAfter([proven]))).toEqual({ families, transports });
  });
});

/** The ids that are proven after these trials, one per round. */
const afterTrials = (...trials: [keyId: string, place: number, accepted: boolean][]) =>
  provenKeyIds(
    trials.reduce(
      (health, [keyId, place, accepted]) =>
        healthAfterRound(
          health,
          { results: roundFromText(both).results, keyTrials: [{ keyId, place, accepted }] },
          { success: 1, failure: 2 },
        ),
      startingHealth,
    ),
  );

describe('the proven keys', () => {
  test('are empty before any trial, and listed newest first in any order of trials', () => {
    expect(afterTrials()).toEqual([]);
    expect(afterTrials(['old', 2, true], ['new', 0, true], ['middle', 1, false])).toEqual(['new', 'old']);
  });

  test('depend on the latest trial of each key', () => {
    expect(afterTrials(['new', 0, true], ['old', 1, true], ['old', 1, false])).toEqual(['new']);
    expect(afterTrials(['new', 0, false], ['new', 0, true])).toEqual(['new']);
  });
});
