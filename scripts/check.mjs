#!/usr/bin/env node
// Runs the static checks: build, types, lint, format, boundaries, dead code, plain language, compose file.
import { installDependencies, installPrograms } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run check

Builds, then checks types, lint, format, the direction of imports, dead code, the style of texts and the compose file. Runs all checks
and lists the failed ones.
`;

/** @type {readonly [name: string, command: string, ...args: string[]][]} */
const checks = [
  ['build', 'turbo', 'run', 'build', '--output-logs=errors-only'],
  ['types', 'turbo', 'run', 'check-types', '--output-logs=errors-only'],
  ['types of scripts', 'tsc', '-p', 'scripts'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'oxfmt', '--check'],
  ['boundaries', 'turbo', 'boundaries'],
  ['dead code', 'knip'],
  ['plain language', 'node', 'packages/plain-language/dist/main.js'],
  ['compose file', 'docker-compose', 'config', '-q'],
];

/**
 * Runs all checks.
 *
 * @returns {Promise<string[]>} the names of the failed checks, whose output is already printed
 */
export async function check() {
  // The compose file requires these variables; any value is enough to parse it.
  const env = { ...process.env, TURN_SECRET: 'only-to-read-the-file', PUBLIC_IP: '192.0.2.1', AUTH: 'anonymous' };
  const failed = [];
  for (const [name, command, ...args] of checks) {
    try {
      await step(name, () => run(command, args, { quiet: true, env }));
    } catch (error) {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
      failed.push(name);
      // Without a build the other checks would only repeat its errors.
      if (name === 'build') break;
    }
  }
  return failed;
}

if (import.meta.filename === process.argv[1]) {
  await runScript({ usage }, async () => {
    await installDependencies();
    await installPrograms(['docker-compose']);
    const failed = await check();
    if (failed.length > 0) throw new Error(`failed: ${failed.join(', ')}`);
  });
}
