import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  startRedis,
  startRouter,
  temporaryDirectory,
  tinyGeoFile,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { ask } from './ask.ts';
import { policy } from './policy.ts';

const routerProgram = fileURLToPath(new URL('../../../apps/router/dist/main.js', import.meta.url));

let directory: TemporaryDirectory;
let policyFile: string;
let geoFile: string;
beforeAll(async () => {
  directory = await temporaryDirectory('signals');
  policyFile = join(directory.path, 'policy.yaml');
  geoFile = join(directory.path, 'geo.mmdb');
});
afterAll(async () => directory?.[Symbol.asyncDispose]());

async function start(environment: Record<string, string> = {}, redisUrl?: string): Promise<RouterProcess> {
  await writeFile(policyFile, policy);
  await copyFile(tinyGeoFile, geoFile);
  return startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl,
    environment: { GEOIP_DB: geoFile, ...environment },
  });
}

const linesOf = (router: RouterProcess, event: string) =>
  router
    .output()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}"`));

/** Changes the policy and the GeoIP file. */
async function changeFiles(): Promise<void> {
  await writeFile(policyFile, `${policy}placement: {continents: {EU: us-east-1}}\n`);
  await copyFile(tinyGeoFile, `${geoFile}.new`);
  await rename(`${geoFile}.new`, geoFile);
}

async function eventualLines(router: RouterProcess, event: string, count: number): Promise<string[]> {
  return eventually(`${count} lines of ${event}`, () => {
    const lines = linesOf(router, event);
    return lines.length >= count && lines;
  });
}

/** Sends signals that must do nothing, and proves with a later signal that the router has handled them. */
async function sendHarmlessSignals(router: RouterProcess): Promise<void> {
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGUSR1', 'SIGUSR2'] as const) router.signal(signal);
  const lines = await eventualLines(router, 'router.signal_ignored', 2);
  expect(lines.join('\n')).toMatch(/"signal":"SIGUSR1"/);
  expect(router.output()).not.toMatch(/Debugger listening|inspector/i);
}

describe('one process', () => {
  test('reads its files again at SIGHUP, ignores SIGUSR1 and SIGUSR2, opens no debugger, and drains at SIGINT', async () => {
    await using router = await start();
    await changeFiles();
    router.signal('SIGHUP');
    const [reloaded = ''] = await eventualLines(router, 'router.reloaded', 1);
    const before = router.output().split(reloaded)[0];
    for (const event of ['policy.applied', 'geoip.reloaded']) expect(before).toContain(`"event":"${event}"`);

    await sendHarmlessSignals(router);
    expect((await ask(router.url)).status).toBe(503);
    router.signal('SIGINT');
    expect(await router.exited).toBe(0);
    expect(linesOf(router, 'router.stopping')).toHaveLength(1);
  });

  test('keeps its policy at SIGHUP if the file is unusable, and reads a repaired file at the next SIGHUP', async () => {
    await using router = await start();
    await writeFile(policyFile, 'regions: {');
    router.signal('SIGHUP');
    await eventualLines(router, 'router.reloaded', 1);
    expect(linesOf(router, 'policy.refused').length).toBeGreaterThan(0);
    await changeFiles();
    router.signal('SIGHUP');
    const [, reloaded = ''] = await eventualLines(router, 'router.reloaded', 2);
    expect(router.output().split(reloaded)[0]).toContain('"event":"policy.applied"');
    expect((await ask(router.url)).status).toBe(503);
  });

  test('drains at SIGTERM after a flood of other signals', async () => {
    await using router = await start();
    for (let i = 0; i < 50; i++) for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) router.signal(signal);
    await eventualLines(router, 'router.reloaded', 1);
    router.signal('SIGTERM');
    router.signal('SIGHUP');
    expect(await router.exited).toBe(0);
  });
});

test('a starting process holds all signals before it has loaded the program', async () => {
  const child = spawn(process.execPath, [routerProgram], { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = once(child, 'close');
  const pid = child.pid ?? 0;
  await eventually('SIGHUP to be caught', () => catchesHangup(pid), { everyMs: 1 });
  const heldAtMs = await cpuMsOf(pid);
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const) child.kill(signal);
  let lastMs = heldAtMs;
  const watch = setInterval(() => void cpuMsOf(pid).then((ms) => (lastMs = Math.max(lastMs, ms))), 5);
  // Without settings, the process ends with code 2 as soon as the program is loaded.
  expect(await ended).toEqual([2, null]);
  clearInterval(watch);
  expect(errors).toContain('turn-router cannot start');
  expect(errors).not.toContain('Debugger listening');
  // Most of the processor time is spent after that, for loading the program.
  expect(lastMs).toBeGreaterThan(2 * heldAtMs);
});

describe('a debugger that was opened before the first line of the program', () => {
  /** Runs before the program: opens the debugger by a signal if none is open. Says at the end whether it is open. */
  const opening = `
    import { url } from 'node:inspector';
    if (url() === undefined) process.kill(process.pid, 'SIGUSR1');
    while (url() === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    process.on('exit', () => console.error(url() === undefined ? 'it is closed' : 'it is open'));`;

  test.each<[string, string[], Record<string, string>, string]>([
    ['is closed after SIGUSR1', ['--inspect-port=0'], {}, 'it is closed'],
    ['is closed after SIGUSR1 with a port in NODE_OPTIONS', [], { NODE_OPTIONS: '--inspect-port=0' }, 'it is closed'],
    ['stays open with --inspect', ['--inspect=0'], {}, 'it is open'],
    ['stays open with NODE_OPTIONS', [], { NODE_OPTIONS: '--no-warnings --inspect=127.0.0.1:0' }, 'it is open'],
  ])('%s', async (_, args, env, expected) => {
    const preload = ['--import', `data:text/javascript,${encodeURIComponent(opening)}`];
    const child = spawn(process.execPath, [...args, ...preload, routerProgram], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(errors).toContain('Debugger listening');
    expect(errors).toContain(expected);
  });
});

/** Whether the process catches SIGHUP, which is the first bit of the mask (proc_pid_status(5)). */
async function catchesHangup(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return /^SigCgt:\t[0-9a-f]{15}[13579bdf]$/m.test(status);
}

/** Returns the processor time of a process, in units of 10 ms (proc_pid_stat(5)); 0 for a process that has ended. */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
}

describe('several processes', () => {
  test('read their files again at SIGHUP of the primary, survive SIGUSR1 and SIGUSR2, and drain at SIGTERM', async () => {
    await using redis = await startRedis();
    await using router = await start({ WORKERS: '2' }, redis.url);
    await changeFiles();
    router.signal('SIGHUP');
    const reloaded = await eventualLines(router, 'router.reloaded', 2);
    for (const worker of [1, 2]) {
      expect(reloaded.join('\n')).toContain(`"worker":${worker}`);
      const applied = linesOf(router, 'policy.applied').filter((line) => line.includes(`"worker":${worker}`));
      expect(applied).not.toEqual([]);
    }
    await sendHarmlessSignals(router);
    expect(linesOf(router, 'worker.ended')).toEqual([]);
    router.signal('SIGTERM');
    expect(await router.exited).toBe(0);
  });

  test('survive the signals that a terminal sends to all of them', async () => {
    await using redis = await startRedis();
    await using router = await start({ WORKERS: '2' }, redis.url);
    // A negative id is a process group. The router leads its own (packages/testing, start-process.ts).
    for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) process.kill(-router.pid, signal);
    await eventualLines(router, 'router.reloaded', 2);
    await eventualLines(router, 'router.signal_ignored', 6);
    expect(linesOf(router, 'worker.ended')).toEqual([]);
    process.kill(-router.pid, 'SIGINT');
    expect(await router.exited).toBe(0);
  });
});

test('a port in use is reported with its setting and the remedy', async () => {
  await using holder = await start();
  const { port } = new URL(holder.url);
  const startWith = (environment: Record<string, string>, redisUrl?: string) =>
    start(environment, redisUrl).then(
      async (router) => router.stop(),
      (error: unknown) => String(error),
    );
  const fault = (setting: string, listener: string) =>
    `turn-router cannot run: ${setting}: another program uses port ${port}, which the ${listener} listener needs: end that program, or set ${setting} to a free port\n`;
  expect(await startWith({ PORT: port })).toContain(fault('PORT', 'public'));
  expect(await startWith({ ADMIN_PORT: port })).toContain(fault('ADMIN_PORT', 'admin'));
  await using redis = await startRedis();
  expect(await startWith({ PORT: port, WORKERS: '2' }, redis.url)).toContain(fault('PORT', 'public'));
  const peers = { PEERS: '127.0.0.1:1', PEER_SECRET: 'a-secret-of-all-routers-0123456789ab', PEER_HOST: '127.0.0.1' };
  expect(await startWith({ ...peers, PEER_PORT: port }, redis.url)).toContain(fault('PEER_PORT', 'peer'));
  expect(await startWith({ HOST: '192.0.2.7' })).toContain(
    'HOST: this machine does not have the address 192.0.2.7: set HOST to an address of this machine\n',
  );
});
