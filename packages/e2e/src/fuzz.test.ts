import { expect, test } from '@jest/globals';
import { runFuzz, runHostileRedis } from '@turn-router/trials';

/** `npm run test:fuzz` runs for ten minutes, uses slower clients, and also checks latency and memory. */
test('a fuzzed router answers as its OpenAPI documents say, closes slow connections, and still serves a polite caller', async () => {
  const { verdict, answers, operations, connections } = await runFuzz({
    seconds: 4,
    seed: 6,
    form: 'short',
    stop: new AbortController().signal,
    onPhase: () => {},
  });
  expect(verdict.faults).toEqual([]);
  expect(Object.keys(answers)).toEqual(expect.arrayContaining([...operations]));
  expect(connections).toBeGreaterThan(20);
});

test('a router whose Redis damages replies goes on to answer, and is ready again after the damage', async () => {
  const { damages, statuses, faults } = await runHostileRedis({
    seconds: 10,
    seed: 16,
    form: 'short',
    stop: new AbortController().signal,
  });
  expect(faults).toEqual([]);
  expect(damages).toBeGreaterThan(5);
  expect(statuses[200]).toBeGreaterThan(50);
});
