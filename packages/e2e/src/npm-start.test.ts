import { once } from 'node:events';
import { lstat, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { eventually, freePort, startProcess, temporaryDirectory } from '@turn-router/testing';
import { askForIceServers } from './ask.ts';
import { isRunning } from './is-running.ts';

/** A program that other suites run at the same time. */
const installedProgram = fileURLToPath(new URL('../../../node_modules/.bin/oxlint', import.meta.url));
const linkedAtMs = async () => (await lstat(installedProgram)).ctimeMs;
const script = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));

test('npm start starts a fleet, and Ctrl-C ends all of its processes and removes its files', async () => {
  await using directory = await temporaryDirectory('start');
  const folders = () => readdir(directory.path);
  const linkedBeforeMs = await linkedAtMs();
  const [port, adminPort] = [await freePort(), await freePort()];
  await using started = await startProcess({
    name: 'npm start',
    command: process.execPath,
    args: [script],
    env: {
      PORT: `${port}`,
      ADMIN_PORT: `${adminPort}`,
      TMPDIR: directory.path,
      HOME: process.env['HOME'] ?? '/',
    },
    isReady: (output) => output.includes('Ctrl-C stops everything.'),
    readyTimeoutMs: 120_000,
  });
  // The install step found all dependencies and did not link them again.
  expect(await linkedAtMs()).toBe(linkedBeforeMs);
  const pids = [...started.output().matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
  expect(pids).toHaveLength(7);
  expect(pids.filter(isRunning)).toEqual(pids);
  const [ofRun = '', ...others] = await folders();
  expect(others).toEqual([]);
  expect(await readdir(join(directory.path, ofRun))).toHaveLength(4);
  expect(started.output()).toContain(`curl -X POST http://127.0.0.1:${port}/v1/ice-servers`);
  expect(await askForIceServers(`http://127.0.0.1:${port}`, {}, { forwardedFor: '81.2.69.142' })).toMatchObject({
    region: 'eu-central-1',
  });

  started.signal('SIGINT');
  const code = await started.exited;
  expect({ code, output: code === 0 ? '' : started.output() }).toEqual({ code: 0, output: '' });
  expect(pids.filter(isRunning)).toEqual([]);
  // The guard of the run removes the folder right after the end.
  await eventually('the folder of the run to be gone', async () => (await folders()).length === 0);
});

test.each(['PORT', 'ADMIN_PORT'])('npm start says at once that another program uses %s', async (setting) => {
  await using directory = await temporaryDirectory('start');
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const bound = holder.address();
  const taken = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const started = startProcess({
    name: 'npm start',
    command: process.execPath,
    args: [script],
    env: {
      PORT: `${await freePort()}`,
      ADMIN_PORT: `${await freePort()}`,
      [setting]: `${taken}`,
      TMPDIR: directory.path,
      HOME: process.env['HOME'] ?? '/',
    },
    isReady: (output) => output.includes('Ctrl-C stops everything.'),
  });
  const error = await started.then(
    async (process) => process.stop(),
    (reason: unknown) => String(reason),
  );
  holder.close();
  // Nothing else is printed: nothing was installed, built or started.
  expect(error).toMatch(
    new RegExp(
      `it printed:\n${setting}: another program uses port ${taken}: end that program, or set ${setting} to a free port\n$`,
    ),
  );
});
