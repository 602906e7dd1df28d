import { RegistryError } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createRegistryWatch } from './registry-watch.ts';

function startWatch() {
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) });
  return { attempt: createRegistryWatch(logger), log };
}

const works = () => Promise.resolve();
const away = () => Promise.reject(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
const full = () => Promise.reject(new RegistryError('refused', 'Redis refused the command: OOM'));

test('says once that the registry is away, once that it refuses, and once that it is back', async () => {
  const { attempt, log } = startWatch();
  const answers: boolean[] = [];
  for (const call of [works, away, away, away, full, full, works, works, away]) answers.push(await attempt(call));
  expect(answers).toEqual([true, false, false, false, false, false, true, true, false]);
  const unavailable =
    '{"level":40,"code":"unavailable","reason":"Redis is not available: ECONNREFUSED","msg":"the registry takes no reports"}';
  expect(log).toEqual([
    unavailable,
    '{"level":40,"code":"refused","reason":"Redis refused the command: OOM","msg":"the registry takes no reports"}',
    '{"level":30,"msg":"the registry takes reports again"}',
    unavailable,
  ]);
});

test('a fault of any other kind is not the registry being away', async () => {
  const { attempt } = startWatch();
  await expect(attempt(() => Promise.reject(new TypeError('a mistake')))).rejects.toThrow('a mistake');
});
