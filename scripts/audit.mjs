#!/usr/bin/env node
// Asks the registry for known vulnerabilities of what is locked, and whether what is installed is what was signed.
import { installDependencies } from './install.mjs';
import { newerPnpm } from './newer-pnpm.mjs';
import { run, runScript } from './run.mjs';

const usage = `Usage: npm run audit [-- options]

Asks npm's registry for known vulnerabilities of all that is in the lockfile, and checks the registry's signatures. Fails when one of the level
or above is known, and when the registry gives no answer. A gate for releases, and for every day: advisories come while the code stays as
it is, so npm test does not ask.

  --level LEVEL   low, moderate, high (default) or critical
  --prod          only what the images hold
`;

const [command, ...before] = newerPnpm;

await runScript(
  { usage, options: { level: { type: 'string', default: 'high' }, prod: { type: 'boolean' } } },
  async ({ level, prod }) => {
    await installDependencies();
    const part = prod === true ? ['--prod'] : [];
    await run(command, [...before, 'audit', '--audit-level', String(level), ...part]);
    await run(command, [...before, 'audit', 'signatures']);
  },
);
