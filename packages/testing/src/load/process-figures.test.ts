import { open } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { readProcessFigures } from './process-figures.ts';

test('reads the resident memory and the open descriptors of a process', async () => {
  const before = await readProcessFigures(process.pid);
  expect(before.residentMib / (process.memoryUsage.rss() / 2 ** 20)).toBeCloseTo(1, 0);
  expect(before.anonymousMib).toBeGreaterThan(10);
  expect(before.anonymousMib).toBeLessThan(before.residentMib);
  await using _file = await open('/dev/null');
  expect((await readProcessFigures(process.pid)).descriptors).toBe(before.descriptors + 1);
});

async function usedSeconds() {
  const { user, system } = process.cpuUsage();
  return { byItself: (user + system) / 1e6, read: (await readProcessFigures(process.pid)).processorSeconds };
}

test('reads the CPU time of a process', async () => {
  const before = await usedSeconds();
  expect(before.read / before.byItself).toBeCloseTo(1, 1);
  while ((await usedSeconds()).byItself < before.byItself + 0.2);
  expect((await usedSeconds()).read - before.read).toBeGreaterThan(0.15);
});

test('rejects the id of a process that does not exist', async () => {
  await expect(readProcessFigures(2 ** 22 + 1)).rejects.toThrow('ENOENT');
});
