import { open } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readProcessFigures } from './process-figures.ts';

test('reads resident memory and open descriptors of a process', async () => {
  const before = await readProcessFigures(process.pid);
  expect(before.residentMib / (process.memoryUsage.rss() / 2 ** 20)).toBeCloseTo(1, 0);
  expect(before.anonymousMib).toBeGreaterThan(10);
  expect(before.anonymousMib).toBeLessThan(before.residentMib);
  await using _file = await open('/dev/null');
  expect((await readProcessFigures(process.pid)).descriptors).toBe(before.descriptors + 1);
});

test('rejects for a process that is none', async () => {
  await expect(readProcessFigures(2 ** 22 + 1)).rejects.toThrow('ENOENT');
});
