// rotates the secrets of two nodes with turnctl's output in both ways, with 10 000 allocations each (10 min)
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `Usage: npm run prove -- rotation [options]

Runs packages/e2e/src/secrets/generated-rotation.test.ts in its full form: two routers, two nodes whose coturns have the configuration that
turnctl writes, and callers that allocate all the time. All secrets rotate in the documented five steps, once with redis-userdb and once with
drain, restart, undrain. With redis-userdb, a relay is held on each node for the whole rotation. No allocation may fail.

  --way WAY   redis-userdb or restart (both)
`;

const ways = ['redis-userdb', 'restart'];
const { values } = parseArgs({
  options: { way: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
});

if (values.help) process.stdout.write(usage);
else if (values.way !== undefined && !ways.includes(values.way)) throw new Error(usage);
else {
  const only = values.way === undefined ? [] : ['--testNamePattern', `^with ${values.way},`];
  const child = spawn(
    process.execPath,
    ['../jest-preset/run-jest.mjs', '--verbose', ...only, 'src/secrets/generated-rotation'],
    {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...process.env, FORM: 'full', SUITES_TIMEOUT_MS: `${3 * 3_600_000}` },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
