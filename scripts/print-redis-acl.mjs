#!/usr/bin/env node
// Prints an ACL rule for a Redis user with the least rights that one of our programs needs.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm run -s redis-acl -- --region REGION --id ID [options]
       npm run -s redis-acl -- --router [--accepts-reports] [--revokes] [options]

Prints a line that creates a Redis user, either for the health-reporter of one node or for the routers. The reporter's user may write the
report of its node and nothing else. The routers' user may read all node reports, the API keys and the revocations, announce the routers to
each other, count calls, and append to the audit log. The password is random; it is shown once on the terminal (stderr), and the line holds
only its SHA-256. Run the line with redis-cli, or put it into the file that "aclfile" names. The user "default" does not change.

  --region REGION, --id ID  create the user of this node's reporter; use REGION and NODE_ID of the reporter
  --router                  create the routers' user instead (needs Redis 7 or newer)
  --ends-relays             the reporter ends the relays of revoked users and may read the revocations (needs Redis 7 or newer)
  --accepts-reports         the routers accept reports over HTTP and write them to Redis
  --revokes                 the routers' admin API may revoke and lift revocations; without it only turnctl may
  --name NAME               name of the user; default reporter-REGION-ID, or router
  --password-file FILE      read the password from the first line of FILE instead of creating one
  --cluster                 Redis is a cluster
  --aclfile                 print a line for "aclfile" instead of a command
  -h, --help                show this
`;

/** @type {import('node:util').ParseArgsConfig['options']} */
const options = {
  region: { type: 'string' },
  id: { type: 'string' },
  router: { type: 'boolean' },
  'ends-relays': { type: 'boolean' },
  'accepts-reports': { type: 'boolean' },
  revokes: { type: 'boolean' },
  name: { type: 'string' },
  'password-file': { type: 'string' },
  cluster: { type: 'boolean' },
  aclfile: { type: 'boolean' },
};

/** User names that need no quotes in the configuration of Redis. */
const userName = /^[A-Za-z0-9._-]{1,128}$/;

await runScript({ usage, options }, async (values) => {
  const { region, id, name } = values;
  const isRouter = values['router'] === true;
  const hasNode = region !== undefined && id !== undefined;
  if (isRouter ? region !== undefined || id !== undefined : !hasNode) {
    throw new UsageError('Expected either --region with --id, or --router');
  }
  for (const option of ['accepts-reports', 'revokes']) {
    if (!isRouter && values[option] === true) throw new UsageError(`--${option} needs --router`);
  }
  if (isRouter && values['ends-relays'] === true) throw new UsageError('--ends-relays needs --region and --id');
  if (typeof name === 'string' && !userName.test(name)) {
    throw new UsageError('--name: expected 1–128 letters, digits, ".", "_" and "-"');
  }

  const registry = await buildRegistry();
  const key = isRouter ? undefined : registry.parseNodeName(`${String(region)}/${String(id)}`);
  if (!isRouter && key === undefined) {
    throw new UsageError('--region and --id: expected 1–63 characters a–z, 0–9 and "-", the first of them not "-"');
  }
  const password = await readOrCreatePassword(values['password-file']);
  const acl = {
    passwordSha256: createHash('sha256').update(password).digest('hex'),
    isCluster: values['cluster'] === true,
  };
  const user =
    key === undefined
      ? registry.routerAcl({
          ...acl,
          acceptsReports: values['accepts-reports'] === true,
          revokes: values['revokes'] === true,
        })
      : registry.reporterAcl(key, { ...acl, endsRelays: values['ends-relays'] === true });
  const named = typeof name === 'string' ? { ...user, name } : user;
  process.stdout.write(
    `${values['aclfile'] === true ? registry.aclFileLineFrom(named) : registry.aclCommandFrom(named)}\n`,
  );
  if (values['password-file'] === undefined) {
    process.stderr.write(`\nuser:     ${named.name}\npassword: ${password}\n(shown only once)\n`);
  }
});

/** @param {unknown} file */
async function readOrCreatePassword(file) {
  // base64url needs no escapes in a URL.
  if (typeof file !== 'string') return randomBytes(24).toString('base64url');
  const [password = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
  if (password === '') throw new UsageError('--password-file: the first line is empty; expected the password');
  return password;
}

/** Builds without output, because stdout must contain only the ACL line. */
async function buildRegistry() {
  await run(process.execPath, [join(root, 'scripts/install.mjs')], { quiet: true });
  await run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@turn-router/registry'], { quiet: true });
  const { parseNodeName } = await import('../packages/contract/dist/registry/index.js');
  return { parseNodeName, ...(await import('../packages/registry/dist/index.js')) };
}
