import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boundMs, eventually, startCoturn, temporaryDirectory } from '@turn-router/testing';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
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

/** A coturn with relay ports that no other test uses, since every socket there counts as an allocation; and the matching settings. */
async function startCountedCoturn(min: number) {
  const max = min + 99;
  const coturn = await startCoturn({ secrets: [secret], relayPorts: { min, max } });
  return { ...coturn, settings: { RELAY_MIN_PORT: `${min}`, RELAY_MAX_PORT: `${max}`, DRAIN_ON_SIGTERM: 'true' } };
}

const eventuallyHealthy = (id: string) => stage.eventualReport(id, 'healthy', ({ status }) => status === 'healthy');
const eventuallyDraining = (id: string) => stage.eventualReport(id, 'draining', ({ status }) => status === 'draining');
const eventuallyGone = (id: string) =>
  eventually(`${id} to be gone`, async () => (await stage.findReport(id)) === undefined);

/** How long the count of the allocations and the removal may take after the last call has ended, ms. */
const endMs = boundMs(2_500);

describe('a drain with a real coturn and a running call', () => {
  test('waits for the call after SIGTERM, is canceled by SIGUSR2, and ends when the call ends', async () => {
    await using coturn = await startCountedCoturn(21_400);
    await using reporter = await stage.startReporter(coturn.port, {
      ...coturn.settings,
      DRAIN_SECONDS: '60',
    });
    await using call = await startCall(coturn, secret);
    const held = await stage.eventualReport(reporter.id, 'held', ({ allocations = 0 }) => allocations > 0);
    expect(held).toMatchObject({ status: 'healthy', allocations: 2 });

    reporter.signal('SIGTERM');
    expect(await eventuallyDraining(reporter.id)).toMatchObject({ probe: { reason: 'stopping' } });
    reporter.signal('SIGUSR2');
    const { seq = 0 } = await eventuallyHealthy(reporter.id);
    await stage.eventualReport(reporter.id, 'reported on', (report) => (report.seq ?? 0) > seq + 2);

    const drainedAtMs = performance.now();
    reporter.signal('SIGTERM');
    await call.relaysOn();
    await stage.eventualReport(reporter.id, 'draining still', () => performance.now() - drainedAtMs > 3_000);
    expect(await stage.findReport(reporter.id)).toMatchObject({ status: 'draining', allocations: 2 });
    await call.hangUp();
    const hungUpAtMs = performance.now();
    expect(await reporter.exited).toBe(0);
    expect(performance.now() - hungUpAtMs).toBeLessThan(endMs);
    expect(await stage.findReport(reporter.id)).toBeUndefined();
    for (const end of ['undone', 'empty']) expect(reporter.output()).toContain(`"end":"${end}"`);
  });

  test('ends at its deadline while the call continues, or at a second signal', async () => {
    await using coturn = await startCountedCoturn(21_500);
    const settings = { ...coturn.settings, DRAIN_SECONDS: '3' };
    await using slow = await stage.startReporter(coturn.port, settings);
    await using fast = await stage.startReporter(coturn.port, { ...settings, DRAIN_SECONDS: '60' });
    await using call = await startCall(coturn, secret);
    await Promise.all([slow, fast].map(({ id }) => eventuallyHealthy(id)));
    const startMs = performance.now();
    for (const reporter of [slow, fast]) reporter.signal('SIGTERM');
    await eventuallyDraining(fast.id);
    fast.signal('SIGTERM');
    expect(await fast.exited).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(boundMs(2_000));
    expect(await slow.exited).toBe(0);
    expect(performance.now() - startMs).toBeLessThan(3_000 + endMs);
    expect(performance.now() - startMs).toBeGreaterThan(3_000);
    expect(slow.output()).toContain('"end":"deadline"');
    expect(fast.output()).toContain('"end":"hurried"');
    await call.relaysOn();
  });

  test('does not wait for the socket of another program in the relay range', async () => {
    await using coturn = await startCountedCoturn(21_700);
    const foreign = createSocket('udp4');
    await once(foreign.bind(21_750, '127.0.0.1'), 'listening');
    await using reporter = await stage.startReporter(coturn.port, { ...coturn.settings, DRAIN_SECONDS: '60' });
    expect(await eventuallyHealthy(reporter.id)).toMatchObject({ allocations: 0 });
    reporter.signal('SIGTERM');
    expect(await reporter.exited).toBe(0);
    expect(reporter.output()).toContain('"end":"empty"');
    foreign.close();
  });

  test('lasts while the drain file exists, also over a restart, and does not signal a coturn that the signal would kill', async () => {
    await using directory = await temporaryDirectory('drain');
    const drainFile = join(directory.path, 'drain');
    const pidFile = join(directory.path, 'coturn.pid');
    await using coturn = await startCountedCoturn(21_600);
    await writeFile(pidFile, `${coturn.pid}\n`);
    const settings = { ...coturn.settings, DRAIN_FILE: drainFile, TURN_PID_FILE: pidFile };
    await using reporter = await stage.startReporter(coturn.port, settings);
    await eventuallyHealthy(reporter.id);

    const orderedAtMs = performance.now();
    await writeFile(drainFile, '');
    const draining = await eventuallyDraining(reporter.id);
    expect(performance.now() - orderedAtMs).toBeLessThan(boundMs(1_100));
    expect(draining.probe).toMatchObject({ state: 'draining', reason: 'staying_away', text: 'the drain file exists' });
    await eventuallyGone(reporter.id);
    await eventually('the reporter to wait', () => reporter.output().includes('"msg":"the node is withdrawn'));
    expect(reporter.output()).toContain('"refusal":"the signal would kill coturn 4.');

    await using restarted = await stage.startReporter(coturn.port, { ...settings, NODE_ID: 'restarted' });
    expect(await stage.eventualReport('restarted', 'reported', () => true)).toMatchObject({ status: 'draining' });
    await eventuallyGone('restarted');

    await rm(drainFile);
    await Promise.all([reporter.id, 'restarted'].map(eventuallyHealthy));
    for (const each of [reporter, restarted]) {
      each.signal('SIGTERM');
      expect(await each.exited).toBe(0);
    }
  });
});

test('a call continues whatever happens to the reporter', async () => {
  await using coturn = await startCoturn({ secrets: [secret] });
  await using call = await startCall(coturn, secret);
  await using stopped = await stage.startReporter(coturn.port, {
    NODE_ID: 'beside-a-call',
    DRAIN_SECONDS: '2',
    DRAIN_ON_SIGTERM: 'true',
  });
  await eventuallyHealthy('beside-a-call');
  await call.relaysOn();
  stopped.signal('SIGTERM');
  expect(await stopped.exited).toBe(0);
  await call.relaysOn();

  await using killed = await stage.startReporter(coturn.port, { NODE_ID: 'beside-a-call' });
  await eventuallyHealthy('beside-a-call');
  killed.signal('SIGKILL');
  expect(await killed.exited).toBeNull();
  await call.relaysOn();
  await eventuallyGone('beside-a-call');

  await using frozen = await stage.startReporter(coturn.port, { NODE_ID: 'beside-a-call' });
  await eventuallyHealthy('beside-a-call');
  frozen.signal('SIGSTOP');
  await call.relaysOn();
  frozen.signal('SIGCONT');
  await eventuallyHealthy('beside-a-call');
});
