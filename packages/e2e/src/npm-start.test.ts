import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { freePort, startProcess, temporaryDirectory } from '@turn-router/testing';
import { askForRelays } from './ask.ts';

const script = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url));

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('npm start brings up a fleet, and Ctrl-C leaves no process and no file of it', async () => {
  await using directory = await temporaryDirectory('start');
  const ownFiles = async () => (await readdir(directory.path)).filter((name) => name.startsWith('turn-router-'));
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
  const pids = [...started.output().matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
  expect(pids).toHaveLength(7);
  expect(pids.filter(isRunning)).toEqual(pids);
  expect(await ownFiles()).toHaveLength(4);
  expect(started.output()).toContain(`curl -X POST http://127.0.0.1:${port}/v1/ice-servers`);
  expect(await askForRelays(`http://127.0.0.1:${port}`, {}, { forwardedFor: '81.2.69.142' })).toMatchObject({
    region: 'eu-central-1',
  });

  started.signal('SIGINT');
  expect(await started.exited).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  expect(await ownFiles()).toEqual([]);
});
