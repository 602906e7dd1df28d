// Short form of `npm run prove -- nothing-left`.
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

/** What is promised, ms. */
const endsWithinMs = 10_000;

/** Waits until the run has left neither a process nor a file. */
async function expectNothingLeft(pids: readonly number[], folder: string) {
  const left = async () => [...pids.filter(isRunning), ...(await readdir(folder))];
  await eventually('nothing to be left', async () => (await left()).length === 0, { timeoutMs: endsWithinMs }).catch(
    () => undefined,
  );
  expect(await left()).toEqual([]);
}

describe('a run whose first process alone is ended', () => {
  test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'by %s leaves no process, not even deaf, stopped or orphaned ones, and no file',
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

  test.concurrent(
    'npm start whose npm is killed leaves nothing',
    async () => {
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
    },
    180_000,
  );
});

test.concurrent(
  'suites that take too long are ended with all that they have started, and named',
  async () => {
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
    // Time for jest to come to the suite on a busy machine; it takes two seconds.
    const env = { ...process.env, SUITES_TIMEOUT_MS: '20000' };
    const run = spawn(process.execPath, [runJest], { cwd: directory.path, stdio: ['ignore', 'ignore', 'pipe'], env });
    const output = await outputUntil(run, 'jest has not ended');
    expect(output).toContain('jest has not ended within 20 s; running: src/hangs.test.ts\n');
    const pid = Number(await readFile(pidFile, 'utf8'));
    await eventually('what the suite has started to be gone', () => !isRunning(pid), { timeoutMs: endsWithinMs });
  },
  120_000,
);

/** What a process has printed when `text` is there, on the streams that are pipes. */
function outputUntil(child: ChildProcess, text: string): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece: string) => {
        output += piece;
        if (output.includes(text)) resolve(output);
      });
    }
    child.once('close', () => reject(new Error(`it ended; it printed:\n${output}`)));
  });
}
