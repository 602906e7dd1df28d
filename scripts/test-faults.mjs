#!/usr/bin/env node
// Runs the fault suite in its full form.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { installDependencies, installPrograms } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run test:faults [-- options] [name…]

Runs every fault of the table in packages/e2e/README.md against real redis-server processes (single, Sentinel, Cluster) and built routers on
loopback. Each fault lasts as long as the table says, and its bounds are checked, including latency. It takes half an hour on an idle machine.
Names select files in packages/e2e/src/faults by a part of their path. npm test runs the short form, which does not check speed.

  --short   run the short form
`;

await runScript(
  { usage, options: { short: { type: 'boolean' } }, allowPositionals: true },
  async ({ short }, names) => {
    await installDependencies();
    await installPrograms(['redis-server', 'turnserver', 'faketime']);
    const filters = ['--filter=@turn-router/e2e...', '--filter=@turn-router/router...'];
    await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only', ...filters], { quiet: true }));

    // Starts jest directly, because run-jest ends every run after 14 minutes. One fault alone stops Redis for ten minutes.
    const preset = new URL('../packages/jest-preset/', import.meta.url);
    const jest = createRequire(preset).resolve('jest/bin/jest');
    const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    const options = ['--config', fileURLToPath(new URL('index.mjs', preset)), '--rootDir', 'packages/e2e'];
    const paths = names.length === 0 ? ['src/faults/'] : names.map((name) => `src/faults/.*${name}`);
    // In the short form, tests that wait run in parallel. The full form checks speed, so its tests run one at a time.
    const width = short === true ? [] : ['--maxConcurrency=1'];
    const env = { ...process.env, FORM: short === true ? 'short' : 'full' };
    await run(process.execPath, [...flags, jest, ...options, '--verbose', ...width, ...paths], { env });
  },
);
