#!/usr/bin/env node
// Prints what makes a user of Redis who may do no more than one of our programs does.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm run -s redis-acl -- --region REGION --id ID [options]
       npm run -s redis-acl -- --router [--accepts-reports] [--revokes] [options]

Prints the line that makes a user of Redis for the health-reporter of one node, who may write that node's report and nothing else, or for
the routers, who may read all reports, the API keys and the revocations, and count each other. The password is drawn, shown once on the terminal (stderr),
and stands in the line by its SHA-256 only. Run the line with redis-cli, or put it into the file that "aclfile" names; the user "default"
stays as it is.

  --region REGION, --id ID  the node, as REGION and NODE_ID of its reporter say it
  --router                  the routers instead (Redis 7 or newer)
  --ends-relays             the reporter ends the relays of revoked users, and may read the revocations (Redis 7 or newer)
  --accepts-reports         the routers take reports over HTTP and write them down
  --revokes                 the routers' admin API revokes and lifts revocations, which else is for turnctl alone
  --name NAME               of the user; default reporter-REGION-ID, or router
  --password-file FILE      take the password from FILE (its first line) instead of drawing one
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

/** What Redis' configuration takes as a name without quotes. */
const userName = /^[A-Za-z0-9._-]{1,128}$/;

await runScript({ usage, options }, async (values) => {
  const { region, id, name } = values;
  const isRouter = values['router'] === true;
  const namesNode = region !== undefined && id !== undefined;
  if (isRouter ? region !== undefined || id !== undefined : !namesNode) {
    throw new UsageError('Expected either --region and --id, or --router');
  }
  for (const option of ['accepts-reports', 'revokes']) {
    if (!isRouter && values[option] === true) throw new UsageError(`--${option} goes with --router`);
  }
  if (isRouter && values['ends-relays'] === true) throw new UsageError('--ends-relays goes with --region and --id');
  if (typeof name === 'string' && !userName.test(name)) {
    throw new UsageError('Expected a --name of letters, digits, ".", "_" and "-"');
  }

  const registry = await buildRegistry();
  const key = isRouter ? undefined : registry.parseNodeName(`${String(region)}/${String(id)}`);
  if (!isRouter && key === undefined) {
    throw new UsageError(
      'Expected a --region and an --id of 1–63 characters of a–z, 0–9 and "-", not beginning with "-"',
    );
  }
  const password = await takePassword(values['password-file']);
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
    process.stderr.write(`\nuser:     ${named.name}\npassword: ${password}\n(shown this once)\n`);
  }
});

/** @param {unknown} file */
async function takePassword(file) {
  // base64url: needs no escapes in a URL.
  if (typeof file !== 'string') return randomBytes(24).toString('base64url');
  const [password = ''] = (await readFile(file, 'utf8')).split(/\r?\n/);
  if (password === '') throw new UsageError('The first line of the --password-file is empty');
  return password;
}

/** Nothing but the line goes to stdout. */
async function buildRegistry() {
  await run(process.execPath, [join(root, 'scripts/install.mjs')], { quiet: true });
  await run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@turn-router/registry'], { quiet: true });
  const { parseNodeName } = await import('../packages/contract/dist/registry/index.js');
  return { parseNodeName, ...(await import('../packages/registry/dist/index.js')) };
}
