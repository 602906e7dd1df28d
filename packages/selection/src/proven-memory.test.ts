import { expect, test } from '@jest/globals';
import { createProvenMemory } from './proven-memory.ts';

test('a node that is away keeps what it has proven until it is back', () => {
  const memory = createProvenMemory(new Map([['eu/a', 5000]]));
  memory.keep('eu/b', 700);
  memory.keep('eu/c', 0);
  expect([...memory.all([['eu/d', { track: { provenMbps: 3 } }]])]).toEqual([
    ['eu/a', 5000],
    ['eu/b', 700],
    ['eu/d', 3],
  ]);
  expect([memory.take('eu/a'), memory.take('eu/a'), memory.take('eu/x')]).toEqual([5000, 0, 0]);
});

test('at most 50 000 absent nodes are remembered, the newest ones', () => {
  const memory = createProvenMemory();
  for (let node = 0; node < 50_001; node += 1) memory.keep(`eu/n${node}`, 1);
  expect(memory.all([]).size).toBe(50_000);
  expect([memory.take('eu/n0'), memory.take('eu/n50000')]).toEqual([0, 1]);
});
