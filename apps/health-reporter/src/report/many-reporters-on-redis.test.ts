import { setMaxListeners } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  isFullForm,
  startParts,
  startRedis,
  startRouter,
  temporaryDirectory,
  seededRandom,
} from '@turn-router/testing';
import { pino } from 'pino';
import { openPublisher } from '../publish/open-publisher.ts';
import type { Wait } from '../system/wait.ts';
import { startDelayMs } from './report-loop.ts';
import { runScriptedReporter } from './scripted-reporter.fixture.ts';

const reporterCount = 200;
const intervalMs = 5_000;
const knownWithinMs = boundMs(intervalMs + 1_000);

const wait: Wait = async (ms, signal) => {
  await delay(ms, undefined, { signal }).catch(() => undefined);
};

/** Real reporters except for probe and meter, each with its own connection. */
function startReporters(redisUrl: string) {
  const stop = new AbortController();
  setMaxListeners(reporterCount, stop.signal);
  const log: string[] = [];
  const random = seededRandom(1);
  const running = Array.from({ length: reporterCount }, async (_, index) => {
    await using publisher = openPublisher({ kind: 'redis', url: redisUrl }, random);
    await wait(startDelayMs(intervalMs, random()), stop.signal);
    const parts = {
      publisher,
      clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
      random,
      wait,
      logger: pino({ level: 'warn', base: null }, { write: (line) => log.push(line) }),
    };
    await runScriptedReporter(`node-${index + 1}`, parts, stop.signal);
  });
  return {
    log: () => log,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(running);
    },
  };
}

function startStage() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('many-reporters'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, 'defaultRegion: eu-central-1\nregions:\n  eu-central-1: {location: [50.11, 8.68]}\n');
    const redis = add(await startRedis());
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: 'first=north-secret-of-2026',
        reporterToken: 'reporter-token-of-2026',
        redisUrl: redis.url,
      }),
    );
    const healthy = async () => {
      const metrics = await (await fetch(`${router.adminUrl}/metrics`)).text();
      return Number(/^turn_router_nodes\{region="eu-central-1",status="healthy"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
    };
    return { redis, healthy };
  });
}

test(`${reporterCount} reporters on one Redis: all are listed within an interval and a second, no record is lost, and an emptied Redis gets all records again`, async () => {
  await using stage = await startStage();
  const { redis, healthy } = stage;
  await using reporters = startReporters(redis.url);
  const known = async () => (await healthy()) === reporterCount;
  await eventually('the router to know every node', known, { timeoutMs: knownWithinMs });

  let fewest = reporterCount;
  for (const endMs = performance.now() + 2 * intervalMs; performance.now() < endMs; await delay(250)) {
    fewest = Math.min(fewest, await healthy());
  }
  expect(fewest).toBe(reporterCount);
  // On a busy machine a reporter waits for more than a second and correctly logs that.
  expect(reporters.log().length).toBeLessThanOrEqual(isFullForm ? 0 : Infinity);

  redis.signal('SIGKILL');
  await redis.exited;
  await using emptied = await startRedis({ port: redis.port });
  const records = async () => (await emptied.cli('--scan', '--pattern', 'turn:node:*')).trim().split('\n').length;
  await eventually('every record to be present again', async () => (await records()) === reporterCount, {
    timeoutMs: knownWithinMs,
  });
  expect(await healthy()).toBe(reporterCount);
});
