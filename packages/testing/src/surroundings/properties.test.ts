import { expect, test } from '@jest/globals';
import fc from 'fast-check';

test('properties draw the same cases in every run, by the seed of the preset', () => {
  const { seed = 0 } = fc.readConfigureGlobal();
  const drawn: number[] = [];
  fc.assert(fc.property(fc.nat(), (number) => void drawn.push(number)));
  expect(drawn).toEqual(fc.sample(fc.nat(), { numRuns: drawn.length, seed }));
  expect(seed).toBe(Number(process.env['PROPERTY_SEED'] ?? 13));
});
