import { expect, test } from '@jest/globals';
import { allocationsCapacity } from './allocations-capacity.ts';

test.each([
  ['as many as ports', { min: 49_152, max: 65_535 }, undefined, 16_384],
  ['one port', { min: 20_000, max: 20_000 }, undefined, 1],
  ['more files than ports can need', { min: 20_000, max: 20_099 }, { limit: 20_000 }, 100],
  ['fewer files', { min: 49_152, max: 65_535 }, { limit: 1_024 }, 512],
])('%s', (_what, ports, files, expected) => {
  expect(allocationsCapacity(ports, files)).toBe(expected);
});
