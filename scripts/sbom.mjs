#!/usr/bin/env node
// Writes a software bill of materials for each image.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { installDependencies } from './install.mjs';
import { newerPnpm } from './newer-pnpm.mjs';
import { root, run, runScript, step } from './run.mjs';

const usage = `Usage: npm run sbom [-- options]

Writes a software bill of materials for each app, as JSON, from the lockfile. It lists every package in the app's image with version,
licence and hash. For Debian and Node.js see the bill of materials of the base image.

  --out FOLDER      write the files there (default: sbom)
  --format FORMAT   cyclonedx (default) or spdx
`;

const [command, ...before] = newerPnpm;

await runScript(
  {
    usage,
    options: { out: { type: 'string', default: 'sbom' }, format: { type: 'string', default: 'cyclonedx' } },
  },
  async ({ out, format }) => {
    await installDependencies();
    const folder = resolve(root, String(out));
    mkdirSync(folder, { recursive: true });
    for (const app of ['router', 'health-reporter', 'turnctl']) {
      const path = `${folder}/${app}.${String(format)}.json`;
      const options = ['--prod', '--sbom-type', 'application', '--sbom-format', String(format), '--out', path];
      await step(path, () =>
        run(command, [...before, '--filter', `@turn-router/${app}`, 'sbom', ...options], { quiet: true }),
      );
    }
  },
);
