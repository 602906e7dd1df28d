#!/usr/bin/env node
// Prints ACL rules for Redis users that have only the permissions that our programs need.
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run, runScript, UsageError } from './run.mjs';

const usage = `Usage: npm run -s redis-acl -- USER… [options]
       npm run -s redis-acl -- USER… --whole-aclfile [options]

Prints a line for each USER. The line creates a Redis user that has only the permissions that one program needs. The password is random; it is
shown once on the terminal (stderr), and the line holds only its SHA-256. Run the lines with redis-cli, then save them: "ACL SAVE" if Redis has an
aclfile, otherwise "CONFIG REWRITE". The answer must be OK. Without this, Redis forgets the users at its next start. The user "default" does not change.

With --whole-aclfile, the command prints a whole file for "aclfile" in redis.conf. In this file, nobody can log in as "default".

USER:
  --region REGION --id ID   the reporter of this node; use REGION and NODE_ID of the reporter. It may write the report of its node, read all
                            reports and proofs, and write its own proofs of other nodes (Redis 7 or newer)
  --node REGION/ID          the same; may be repeated
  --watch REGION/ID         a fleet watch; use WATCH_REGION and WATCH_ID. It may write the reports of all nodes, read all reports and proofs, and
                            write its own proofs (Redis 7 or newer)
  --router                  the routers (Redis 7 or newer). They may read reports, proofs, API keys and revocations, announce themselves, count
                            calls, and append to the audit log
  --operator                people and programs that use turnctl (Redis 7 or newer). They may change API keys and revocations, and read reports
                            and the audit log
  --coturn REALM            a coturn with redis-userdb. It may read the TURN secrets of this realm
  --secret-store REALM      "turnctl secrets store". It may read and change the TURN secrets of this realm

Options:
  --whole-aclfile           print a whole file for "aclfile", with the user "default" disabled
  --ends-relays             reporters end the relays of revoked users and may read the revocations (Redis 7 or newer)
  --without-proofs          reporters and watches prove no other nodes, and read nothing; works with Redis 6 too
  --accepts-reports         the routers accept reports and proofs over HTTP and write them to Redis
  --revokes                 the routers' admin API may revoke and lift revocations; without it only turnctl may
  --name NAME               name of the user; default reporter-REGION-ID, watch-REGION-ID, router, operator, coturn-REALM or secrets-REALM; only
                            with one USER
  --password-file FILE      read the password from the first line of FILE instead of creating one; only with one USER
  --cluster                 Redis is a cluster
  --aclfile                 print lines for "aclfile" instead of commands
  -h, --help                show this
`;

/** @type {import('node:util').ParseArgsConfig['options']} */
const options = {
  region: { type: 'string' },
  id: { type: 'string' },
  node: { type: 'string', multiple: true },
  watch: { type: 'string', multiple: true },
  router: { type: 'boolean' },
  operator: { type: 'boolean' },
  coturn: { type: 'string' },
  'secret-store': { type: 'string' },
  'ends-relays': { type: 'boolean' },
  'without-proofs': { type: 'boolean' },
  'accepts-reports': { type: 'boolean' },
  revokes: { type: 'boolean' },
  name: { type: 'string' },
  'password-file': { type: 'string' },
  cluster: { type: 'boolean' },
  aclfile: { type: 'boolean' },
  'whole-aclfile': { type: 'boolean' },
};

/** User names that need no quotes in the configuration of Redis. */
const userName = /^[A-Za-z0-9._-]{1,128}$/;

await runScript({ usage, options }, async (values) => {
  const nodes = nodeNamesIn(values);
  const watches = watchNamesIn(values);
  const [isRouter, isOperator] = [values['router'] === true, values['operator'] === true];
  const { coturn, 'secret-store': secretStore } = values;
  const realms = [coturn, secretStore].filter((realm) => typeof realm === 'string');
  const count = nodes.length + watches.length + realms.length + Number(isRouter) + Number(isOperator);
  if (count === 0) {
    throw new UsageError(
      'Expected at least one of --region with --id, --node, --watch, --router, --operator, --coturn and --secret-store',
    );
  }
  for (const option of ['accepts-reports', 'revokes']) {
    if (!isRouter && values[option] === true) throw new UsageError(`--${option} needs --router`);
  }
  if (nodes.length === 0 && values['ends-relays'] === true) {
    throw new UsageError('--ends-relays needs --region and --id, or --node');
  }
  if (nodes.length + watches.length === 0 && values['without-proofs'] === true) {
    throw new UsageError('--without-proofs needs --region and --id, --node, or --watch');
  }
  for (const option of ['name', 'password-file']) {
    if (count > 1 && values[option] !== undefined) throw new UsageError(`--${option} needs exactly one user`);
  }
  const { name } = values;
  if (typeof name === 'string' && !userName.test(name)) {
    throw new UsageError('--name: expected 1–128 letters, digits, ".", "_" and "-"');
  }

  const registry = await buildRegistry();
  const [keys = [], watchKeys = []] = [nodes, watches].map((named) =>
    named.map(({ option, text }) => {
      const key = registry.parseNodeName(text);
      if (key !== undefined) return key;
      throw new UsageError(`${option}: expected 1–63 characters a–z, 0–9 and "-", the first of them not "-"`);
    }),
  );
  if (realms.some((realm) => !registry.plainRealm.test(realm))) {
    throw new UsageError('--coturn and --secret-store: expected a realm of 1–127 letters, digits, ".", "_" and "-"');
  }
  const isCluster = values['cluster'] === true;
  const acceptsReports = values['accepts-reports'] === true;
  const revokes = values['revokes'] === true;
  const endsRelays = values['ends-relays'] === true;
  const provesOthers = values['without-proofs'] !== true;
  /** @type {((acl: import('../packages/registry/dist/index.js').AclOptions) => import('../packages/registry/dist/index.js').AclUser)[]} */
  const wanted = [
    ...(isOperator ? [registry.operatorAcl] : []),
    ...(isRouter ? [(/** @type {any} */ acl) => registry.routerAcl({ ...acl, acceptsReports, revokes })] : []),
    ...keys.map((key) => (/** @type {any} */ acl) => registry.reporterAcl(key, { ...acl, endsRelays, provesOthers })),
    ...watchKeys.map((key) => (/** @type {any} */ acl) => registry.watchAcl(key, { ...acl, provesOthers })),
    ...(typeof coturn === 'string' ? [(/** @type {any} */ acl) => registry.coturnAcl(coturn, acl)] : []),
    ...(typeof secretStore === 'string' ? [(/** @type {any} */ acl) => registry.secretStoreAcl(secretStore, acl)] : []),
  ];
  const users = [];
  for (const userWith of wanted) {
    const password = await readOrCreatePassword(values['password-file']);
    const user = userWith({ passwordSha256: createHash('sha256').update(password).digest('hex'), isCluster });
    users.push({ password, user: typeof name === 'string' ? { ...user, name } : user });
  }
  process.stdout.write(textOf(registry, users, values));
  if (values['password-file'] !== undefined) return;
  for (const { password, user } of users) process.stderr.write(`\nuser:     ${user.name}\npassword: ${password}\n`);
  process.stderr.write('(shown only once)\n');
});

/**
 * @param {Record<string, unknown>} values
 * @returns {{ option: string, text: string }[]}
 */
function nodeNamesIn({ region, id, node }) {
  if (typeof region !== typeof id) throw new UsageError('--region and --id: expected both');
  const isNamed = typeof region === 'string' && typeof id === 'string';
  const own = isNamed ? [{ option: '--region and --id', text: `${region}/${id}` }] : [];
  const others = Array.isArray(node) ? node : [];
  return [...own, ...others.map((text) => ({ option: '--node', text: String(text) }))];
}

/**
 * @param {Record<string, unknown>} values
 * @returns {{ option: string, text: string }[]}
 */
function watchNamesIn({ watch }) {
  return (Array.isArray(watch) ? watch : []).map((text) => ({ option: '--watch', text: String(text) }));
}

/**
 * @param {typeof import('../packages/registry/dist/index.js')} registry
 * @param {{ user: import('../packages/registry/dist/index.js').AclUser }[]} users
 * @param {Record<string, unknown>} values
 */
function textOf(registry, users, values) {
  if (values['whole-aclfile'] === true) return registry.aclFileFrom(users.map(({ user }) => user));
  const lineFrom = values['aclfile'] === true ? registry.aclFileLineFrom : registry.aclCommandFrom;
  return users.map(({ user }) => `${lineFrom(user)}\n`).join('');
}

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
