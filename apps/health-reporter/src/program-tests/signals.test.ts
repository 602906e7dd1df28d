import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  eventually,
  startCoturn,
  startFleetWatch,
  temporaryDirectory,
  type RunningProcess,
} from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secret, startReporterStage, type ReporterStage } from './reporter-stage.fixture.ts';

let stage: ReporterStage;

beforeAll(async () => {
  stage = await startReporterStage();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

/** Sends a signal, and waits until the program says that it ignores the signal. */
async function sendIgnored(process: RunningProcess, signal: 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'): Promise<void> {
  process.signal(signal);
  await eventually(`${signal} to be ignored`, () =>
    new RegExp(`"event":"reporter.signal_ignored","signal":"${signal}"`).test(process.output()),
  );
  expect(process.output()).not.toMatch(/Debugger listening/);
}

test('a reporter survives SIGHUP, SIGUSR1 and SIGUSR2, reports on, and drains at SIGINT', async () => {
  await using coturn = await startCoturn({ secrets: [secret] });
  await using reporter = await stage.startReporter(coturn.port, { DRAIN_SECONDS: '2' });
  const { seq = 0 } = await stage.eventualReport(reporter.id, 'healthy', ({ status }) => status === 'healthy');
  await sendIgnored(reporter, 'SIGHUP');
  await sendIgnored(reporter, 'SIGUSR1');
  reporter.signal('SIGUSR2');
  await eventually('SIGUSR2 to cancel nothing', () => reporter.output().includes('"event":"drain.cancel_ignored"'));
  const later = await stage.eventualReport(reporter.id, 'reported on', (report) => (report.seq ?? 0) > seq + 2);
  expect(later.status).toBe('healthy');
  reporter.signal('SIGINT');
  await stage.eventualReport(reporter.id, 'draining', ({ status }) => status === 'draining');
  reporter.signal('SIGHUP');
  expect(await reporter.exited).toBe(0);
});

test('a fleet watch survives SIGHUP, SIGUSR1 and SIGUSR2, and ends at SIGTERM', async () => {
  await using directory = await temporaryDirectory('signals');
  const fleetFile = join(directory.path, 'fleet.yaml');
  await writeFile(fleetFile, 'nodes: [{id: a, region: eu, privateAddress: 127.0.0.1, publicIp: 192.0.2.1}]\n');
  await using watch = await startFleetWatch({
    fleetFile,
    turnSecrets: `first="${secret}"`,
    destination: { ROUTER_URL: 'http://127.0.0.1:1', REPORTER_TOKEN: 'token-of-the-reporters' },
  });
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) await sendIgnored(watch, signal);
  const warned = watch
    .output()
    .split('\n')
    .filter((line) => line.includes('settings.stray_characters'));
  expect(warned).toHaveLength(1);
  expect(warned[0]).toMatch(
    /"level":40,.*"setting":"TURN_SECRETS","cause":"The value has quotes around it: remove them/,
  );
  expect(watch.output()).not.toContain(secret);
  watch.signal('SIGTERM');
  expect(await watch.exited).toBe(0);
});
