#!/usr/bin/env node
// Runs this package's suites with the shared preset, in Node's ES module mode, which jest reaches only through a Node flag.
// Every argument goes on to jest: `pnpm test -- selection` runs the files whose path holds "selection".
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const preset = fileURLToPath(new URL('index.mjs', import.meta.url));
const child = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    jest,
    '--config',
    preset,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 1;
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
