#!/usr/bin/env node
// Measures speed. Results stand beside each benchmark, with the machine and the versions.
import { installDependencies, installPrograms } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run bench

Builds, runs every package's benchmarks one after the other, and writes what they measured to bench/results.md of each package. Figures
that are compared come from one run on one machine; read the ratios, not the microseconds.
`;

await runScript({ usage }, async () => {
  await installDependencies();
  await installPrograms(['redis-server', 'wrk']);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true }));
  await run('turbo', ['run', 'bench', '--concurrency=1', '--output-logs=new-only']);
});
