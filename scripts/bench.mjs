#!/usr/bin/env node
// Measures speed. Results stand beside each benchmark, with the machine and the versions.
import { installDependencies, installPrograms } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run bench [-- options]

Builds, runs every package's benchmarks one after the other, and writes what they measured to bench/results.md of each package. Figures
that are compared come from one run on one machine; read the ratios, not the microseconds.

  --only NAME  only the benchmarks of packages/NAME or apps/NAME
`;

await runScript({ usage, options: { only: { type: 'string' } } }, async ({ only }) => {
  await installDependencies();
  await installPrograms(['redis-server', 'turnserver', 'openssl', 'faketime', 'wrk']);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true }));
  const filter = typeof only === 'string' ? [`--filter=@turn-router/${only}`] : [];
  await run('turbo', ['run', 'bench', '--concurrency=1', '--output-logs=new-only', ...filter]);
});
