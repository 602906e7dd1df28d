#!/usr/bin/env node
// Runs this package's suites with the shared preset, with the Node flag that jest needs for ES modules.
// Every argument is passed to jest: `pnpm test selection` runs the files whose path contains "selection".
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardRun } from '@turn-router/run-guard';

/** A suite that leaves a handle open keeps jest from ending. The run then fails after this time, ms. */
const timeoutMs = Number(process.env['SUITES_TIMEOUT_MS'] ?? 14 * 60_000);

guardRun();
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const preset = fileURLToPath(new URL('index.mjs', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const runningSuiteFile = join(tmpdir(), 'running-suite');
const child = spawn(process.execPath, [...flags, jest, '--config', preset, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, RUNNING_SUITE_FILE: runningSuiteFile },
});
child.once('exit', (code) => process.exit(code ?? 1));
setTimeout(() => {
  const running = existsSync(runningSuiteFile) ? readFileSync(runningSuiteFile, 'utf8') : '';
  const suites = running === '' ? 'no suite; an ended suite has left a handle open' : running;
  process.stderr.write(`jest has not ended within ${timeoutMs / 1000} s; running: ${suites}\n`);
  // The run guard ends jest and every process that the suites started.
  process.exit(1);
}, timeoutMs);
