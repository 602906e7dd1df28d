#!/usr/bin/env node
// Runs turnctl from a bare clone or a used one: installs and builds what is missing, then hands over all arguments.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/** Everything but turnctl's own output goes to stderr, so that `npm run -s turnctl -- … -o json` is JSON alone. */
const aside = /** @type {const} */ (['ignore', 2, 2]);

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>} the exit code; 2 of one that a signal ended
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

/** Whether what is installed is what the lockfile says: pnpm keeps a copy of the one it installed. */
function isInstalled() {
  const copy = join(root, 'node_modules/.pnpm/lock.yaml');
  return existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
}

async function turnctl() {
  const installCode = isInstalled() ? 0 : await runNode([join(root, 'scripts/install.mjs')], { stdio: [...aside] });
  if (installCode !== 0) return installCode;
  await run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@turn-router/turnctl'], { quiet: true });
  return runNode([join(root, 'apps/turnctl/dist/main.js'), ...process.argv.slice(2)], {
    // npm moves to the root of the project; paths are meant from where it was called.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    stdio: 'inherit',
  });
}

try {
  process.exitCode = await turnctl();
} catch (error) {
  // 1 is for claims that do not hold.
  process.exitCode = 2;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
