import { RegistryError } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { createRegistryWatch, shareRegistryWatch } from './registry-watch.ts';

function startWatch() {
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) });
  return { attempt: createRegistryWatch(logger), log };
}

const works = () => Promise.resolve();
const away = () => Promise.reject(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'));
const silent = () => Promise.reject(new RegistryError('unavailable', 'Redis is not available: ETIMEDOUT'));
const refused = () => Promise.reject(new RegistryError('refused', 'the router answered 401'));
const full = () => Promise.reject(new RegistryError('refused', 'Redis refused the command: OOM'));

test('logs an unreachable registry once, a refusal once, and the recovery once', async () => {
  const { attempt, log } = startWatch();
  const answers: boolean[] = [];
  for (const call of [works, away, away, away, full, full, works, works, away]) answers.push(await attempt(call));
  expect(answers).toEqual([true, false, false, false, false, false, true, true, false]);
  const unavailable =
    '{"level":40,"event":"registry.unreachable","code":"unavailable","reason":"Redis is not available: ECONNREFUSED","msg":"the registry is unreachable: retrying the report"}';
  expect(log).toEqual([
    unavailable,
    '{"level":40,"event":"registry.request_refused","code":"refused","reason":"Redis refused the command: OOM","msg":"the registry refused the request: retrying"}',
    '{"level":30,"event":"registry.recovered","msg":"the registry accepts reports again"}',
    unavailable,
  ]);
});

test('throws any other fault', async () => {
  const { attempt } = startWatch();
  await expect(attempt(() => Promise.reject(new TypeError('a mistake')))).rejects.toThrow('a mistake');
});

test('logs an outage of several nodes and its end once, without a node; logs the fault of one node with that node', async () => {
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false, level: 'info' }, { write: (line) => log.push(line.trim()) });
  const watchFor = shareRegistryWatch(logger);
  const attempts = ['a', 'b', 'c'].map((node) => watchFor(logger.child({ node })));
  const round = async (...calls: (() => Promise<void>)[]) => {
    for (const [index, call] of calls.entries()) await attempts[index]?.(call);
  };

  await round(works, works, refused);
  await round(away, works, refused);
  await round(silent, away, refused);
  await round(works, away, refused);
  expect(log.splice(0)).toEqual([
    '{"level":40,"node":"c","event":"registry.request_refused","code":"refused","reason":"the router answered 401","msg":"the registry refused the request: retrying"}',
    '{"level":40,"event":"registry.unreachable","code":"unavailable","reason":"Redis is not available: ECONNREFUSED","msg":"the registry is unreachable: retrying the report"}',
  ]);
  await round(works, works, refused);
  await round(works, works, works);
  expect(log).toEqual([
    '{"level":30,"event":"registry.recovered","msg":"the registry accepts reports again"}',
    '{"level":30,"node":"c","event":"registry.recovered","msg":"the registry accepts reports again"}',
  ]);
});
