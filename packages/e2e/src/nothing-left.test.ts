// The short form of `npm run prove -- nothing-left`.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { eventually, freePort, temporaryDirectory } from '@turn-router/testing';
import { isRunning } from './is-running.ts';

const guardedRun = fileURLToPath(new URL('guarded-run.mjs', import.meta.url));
const runJest = fileURLToPath(new URL('../../jest-preset/run-jest.mjs', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** All processes and files of a run must be gone within this time, ms. */
const endsWithinMs = 10_000;

/** Expects that all processes and files of the run are gone within `endsWithinMs`. */
async function expectNothingLeft(pids: readonly number[], folder: string) {
  const left = async () => [...pids.filter(isRunning), ...(await readdir(folder))];
  await eventually('all processes and files to be gone', async () => (await left()).length === 0, {
    timeoutMs: endsWithinMs,
  }).catch(() => undefined);
  expect(await left()).toEqual([]);
}

describe('a run leaves no process and no file', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'when only its first process is ended by %s, even if others are stopped, orphaned or ignore SIGTERM',
    async (signal) => {
      await using directory = await temporaryDirectory('ready');
      await using ownTemporary = await temporaryDirectory('run');
      const readyFile = join(directory.path, 'pids.json');
      const run = spawn(process.execPath, [guardedRun, readyFile], {
        stdio: 'ignore',
        env: { ...process.env, TMPDIR: ownTemporary.path },
      });
      const read = () => readFile(readyFile, 'utf8').catch(() => undefined);
      const text = await eventually('the run to be complete', read, { timeoutMs: 60_000 });
      const pids = JSON.parse(text ?? '[]');
      expect(pids).toHaveLength(5);
      expect(pids.filter(isRunning)).toEqual(pids);
      expect(await readdir(ownTemporary.path)).toHaveLength(1);

      run.kill(signal);
      await expectNothingLeft(pids, ownTemporary.path);
    },
    120_000,
  );

  test.concurrent('when it is npm start and its npm is killed', async () => {
    await using ownTemporary = await temporaryDirectory('run');
    const env = {
      ...process.env,
      TMPDIR: ownTemporary.path,
      PORT: `${await freePort()}`,
      ADMIN_PORT: `${await freePort()}`,
    };
    const npm = spawn('npm', ['start'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
    const output = await outputUntil(npm, 'Ctrl-C stops everything.');
    const pids = [...output.matchAll(/\(process (\d+)\)/g)].map(([, pid]) => Number(pid));
    expect(pids).toHaveLength(7);
    expect(pids.filter(isRunning)).toEqual(pids);

    npm.kill('SIGKILL');
    await expectNothingLeft(pids, ownTemporary.path);
  }, 180_000);
});

test.concurrent('suites that exceed their time limit are named and ended with all processes that they started', async () => {
  await using directory = await temporaryDirectory('suites');
  const pidFile = join(directory.path, 'pid');
  const suite = `
    test('hangs', async () => {
      const { spawn } = await import('node:child_process');
      const { writeFileSync } = await import('node:fs');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
      await new Promise(() => {});
    }, 600_000);
  `;
  await mkdir(join(directory.path, 'src'));
  await writeFile(join(directory.path, 'package.json'), '{}');
  await writeFile(join(directory.path, 'src/hangs.test.ts'), suite);
  // Long enough for jest to reach the suite on a busy machine. On an idle machine it takes two seconds.
  const env = { ...process.env, SUITES_TIMEOUT_MS: '20000' };
  const run = spawn(process.execPath, [runJest], { cwd: directory.path, stdio: ['ignore', 'ignore', 'pipe'], env });
  const output = await outputUntil(run, 'jest has not ended');
  expect(output).toContain('jest has not ended within 20 s; running: src/hangs.test.ts\n');
  const pid = Number(await readFile(pidFile, 'utf8'));
  await eventually('the process that the suite started to be gone', () => !isRunning(pid), {
    timeoutMs: endsWithinMs,
  });
}, 120_000);

/** Waits until a process has printed `text`, and returns its output so far, from the streams that are pipes. */
function outputUntil(child: ChildProcess, text: string): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        output += piece;
        if (output.includes(text)) resolve(output);
      });
    }
    child.once('close', () =>
      reject(new Error(`the process ended before it printed "${text}". Its output:\n${output}`)),
    );
  });
}
