#!/usr/bin/env node
// Checks the locked dependencies for known vulnerabilities and the installed packages for valid signatures.
import { installDependencies } from './install.mjs';
import { newerPnpm } from './newer-pnpm.mjs';
import { run, runScript } from './run.mjs';

const usage = `Usage: npm run audit [-- options]

Queries npm's registry for known vulnerabilities of every package in the lockfile, and verifies the registry's signatures. Fails if a
vulnerability of LEVEL or above is known, or if the registry does not answer. Run it before a release and once a day. npm test does not
include it, because a new advisory would fail a test of unchanged code.

  --level LEVEL   low, moderate, high (default) or critical
  --prod          check only the packages in the images
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
