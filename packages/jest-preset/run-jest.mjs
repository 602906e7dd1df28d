#!/usr/bin/env node
// Runs this package's suites with the shared preset, in Node's ES module mode, which jest reaches only through a Node flag.
// Every argument goes on to jest: `pnpm test selection` runs the files whose path holds "selection".
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A suite that left something open keeps jest from ending; better a failure than a run that never ends. */
const timeoutMs = 14 * 60_000;

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const preset = fileURLToPath(new URL('index.mjs', import.meta.url));
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, jest, '--config', preset, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
const timer = setTimeout(() => {
  process.stderr.write(`jest has not ended within ${timeoutMs / 60_000} minutes\n`);
  child.kill('SIGKILL');
}, timeoutMs);
child.on('exit', (code) => {
  clearTimeout(timer);
  process.exitCode = code ?? 1;
});
process.on('SIGINT', () => child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
