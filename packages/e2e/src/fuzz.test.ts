import { expect, test } from '@jest/globals';
import { runFuzz } from '@turn-router/trials';

/** `npm run test:fuzz` goes on for ten minutes, bears with slower clients, and holds against latency and memory too. */
test('a router that is fuzzed answers by its own description, closes slow connections, and harms no polite caller', async () => {
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
