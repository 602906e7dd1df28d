#!/usr/bin/env node
// Installs and builds what is missing, then runs turnctl with all arguments.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/** Install output goes to stderr, so that the stdout of `npm run -s turnctl -- … -o json` is JSON alone. */
const outputToStderr = /** @type {const} */ (['ignore', 2, 2]);

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>} the exit code; 2 if a signal ended the process
 */
function runNode(args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, options);
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 2));
  });
}

/** Whether the installed packages match the lockfile. pnpm keeps a copy of the lockfile that it installed. */
function isInstalled() {
  const copy = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
}

async function turnctl() {
  const installCode = isInstalled()
    ? 0
    : await runNode([join(root, 'scripts/install.mjs')], { stdio: [...outputToStderr] });
  if (installCode !== 0) return installCode;
  await run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@turn-router/turnctl'], { quiet: true });
  return runNode([join(root, 'apps/turnctl/dist/main.js'), ...process.argv.slice(2)], {
    // npm changes to the root of the project, but paths are relative to the caller's folder.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    stdio: 'inherit',
  });
}

try {
  process.exitCode = await turnctl();
} catch (error) {
  // Exit code 1 means that a claim of a simulation does not hold.
  process.exitCode = 2;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
