import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCoturn, temporaryDirectory } from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCall } from './held-call.fixture.ts';
import { secret, startReporterStage, type ReporterStage } from './reporter-stage.fixture.ts';

let stage: ReporterStage;

beforeAll(async () => {
  stage = await startReporterStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

test('a reporter that gets SIGTERM leaves its record and its coturn as they are, and its next run continues', async () => {
  await using directory = await temporaryDirectory('hand-over');
  await using coturn = await startCoturn({ secrets: [secret] });
  const pidFile = join(directory.path, 'coturn.pid');
  await writeFile(pidFile, `${coturn.pid}\n`);
  const settings = { NODE_ID: 'handed-over', TURN_PID_FILE: pidFile, HAND_OVER_SECONDS: '45' };
  await using first = await stage.startReporter(coturn.port, settings);
  await using call = await startCall(coturn, secret);
  const before = await stage.eventualReport('handed-over', 'healthy', ({ status }) => status === 'healthy');

  first.signal('SIGTERM');
  expect(await first.exited).toBe(0);
  const left = await stage.findReport('handed-over');
  expect(left).toMatchObject({ status: 'healthy', leaving_seconds: 45, boot_id: before.boot_id });
  expect(first.output()).toContain('"event":"node.handed_over","seconds":45');
  expect(first.output()).not.toContain('"event":"drain.');
  await call.relaysOn();

  await using _second = await stage.startReporter(coturn.port, settings);
  const seen = new Set<string>();
  const after = await stage.eventualReport('handed-over', 'reported by the next run', ({ status, boot_id }) => {
    seen.add(status);
    return boot_id !== left?.boot_id;
  });
  expect(after.leaving_seconds).toBeUndefined();
  expect([...seen]).toEqual(['healthy']);
});
