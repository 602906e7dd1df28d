#!/usr/bin/env node
// Runs this package's suites with the shared preset, in Node's ES module mode, which jest reaches only through a Node flag.
// Every argument goes on to jest: `pnpm test selection` runs the files whose path holds "selection".
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { guardRun } from '@turn-router/run-guard';

/** A suite that left something open keeps jest from ending; better a failure than a run that never ends. */
const timeoutMs = Number(process.env['SUITES_TIMEOUT_MS'] ?? 14 * 60_000);

guardRun();
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const preset = fileURLToPath(new URL('index.mjs', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, jest, '--config', preset, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
/** @type {unknown} */
let running = [];
child.on('message', (paths) => {
  running = paths;
});
child.once('exit', (code) => process.exit(code ?? 1));
setTimeout(() => {
  const suites =
    Array.isArray(running) && running.length > 0 ? running.join(', ') : 'no suite; one has left something open';
  process.stderr.write(`jest has not ended within ${timeoutMs / 1000} s; running: ${suites}\n`);
  // The guard ends jest and whatever the suites have started.
  process.exit(1);
}, timeoutMs);
