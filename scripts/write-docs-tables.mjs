#!/usr/bin/env node
// Writes the documentation tables that come from the code.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installDependencies } from './install.mjs';
import { root, run, runScript, step } from './run.mjs';

const usage = `Usage: npm run docs-tables

Builds the router, then rewrites each Markdown file whose text comes from a table in the code. A test fails if one of these files is out of date.
`;

await runScript({ usage }, async () => {
  await installDependencies();
  await step('build', () =>
    run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@turn-router/router'], { quiet: true }),
  );
  const { docsTables } = await import('./docs-tables.mjs');
  for (const { file, render } of docsTables) await step(file, () => writeFile(join(root, file), render()));
});
