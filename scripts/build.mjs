#!/usr/bin/env node
// Installs the project's dependencies and builds every package and app.
import { installDependencies } from './install.mjs';
import { run, runScript, step } from './run.mjs';

const usage = `Usage: npm run build

Installs the project's dependencies at the versions in the lockfile, then builds every package and app into its dist folder. It works in a
fresh clone. Afterwards "node apps/router/dist/main.js --help" shows the settings of the router.
`;

await runScript({ usage }, async () => {
  await installDependencies();
  await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true }));
});
