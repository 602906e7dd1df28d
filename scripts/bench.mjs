#!/usr/bin/env node
// Measures speed. The results are in a file beside each benchmark, with the machine and the versions.
import { installDependencies, installPrograms } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run bench [-- options]

Builds, runs the benchmarks of every package one after the other, and writes the results to bench/results.md of each package. Figures in
one comparison come from one run on one machine; read the ratios, not the microseconds.

  --only NAME  run only the benchmarks of packages/NAME or apps/NAME
`;

await runScript({ usage, options: { only: { type: 'string' } } }, async ({ only }) => {
  await installDependencies();
  await installPrograms(['redis-server', 'turnserver', 'openssl', 'faketime', 'wrk']);
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true }));
  const filter = typeof only === 'string' ? [`--filter=@turn-router/${only}`] : [];
  await run('turbo', ['run', 'bench', '--concurrency=1', '--output-logs=new-only', ...filter]);
});
