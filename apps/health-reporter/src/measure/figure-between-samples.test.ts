import { expect, test } from '@jest/globals';
import { figureBetweenSamples } from './figure-between-samples.ts';

test('compares each reading with the one before; the last figure stands where there is nothing to say', async () => {
  const readings = [10, 13, 5, 6, undefined, 8];
  const growth = figureBetweenSamples(
    () => Promise.resolve(readings.shift()),
    (before, after) => (after >= before ? after - before : undefined),
  );
  const figures = [await growth(), await growth(), await growth(), await growth(), await growth(), await growth()];
  expect(figures).toEqual([0, 3, 3, 1, undefined, 2]);
});
