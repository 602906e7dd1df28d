#!/usr/bin/env node
// Runs this package's suites with the shared preset, in Node's ES module mode, which jest reaches only through a Node flag.
// Every argument goes on to jest: `pnpm test selection` runs the files whose path holds "selection".
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardRun } from '@turn-router/run-guard';

/** A suite that left something open keeps jest from ending; better a failure than a run that never ends. */
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
  const suites = running === '' ? 'no suite; one has left something open' : running;
  process.stderr.write(`jest has not ended within ${timeoutMs / 1000} s; running: ${suites}\n`);
  // The guard ends jest and whatever the suites have started.
  process.exit(1);
}, timeoutMs);
