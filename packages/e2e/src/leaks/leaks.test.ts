import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import { eventually, startRedis, tryTurnctl, type RouterProcess } from '@turn-router/testing';
import { allocateAndRelease } from '@turn-router/stun';
import { keyRingText } from '@turn-router/turn-credentials';
import { findLeaks, type Secret, type Written } from './find-leaks.ts';
import { readRedis } from './read-redis.ts';
import { startLeakStage, type LeakStage } from './stage.ts';

let stage: LeakStage;
/** All secrets of the run. */
let secrets: Secret[];
/** All output of the run, except answers that are meant to contain a credential. */
const written: Written[] = [];
beforeAll(async () => {
  stage = await startLeakStage();
  const { master, ofNode, ...others } = stage.secrets;
  secrets = [
    ...master.keys.map(({ id, secret }) => ({ name: `the master key ${id}`, value: secret })),
    ...ofNode.keys.map(({ id, secret }) => ({ name: `the node's key ${id}`, value: secret })),
    ...Object.entries(others).map(([name, value]) => ({ name, value })),
    ...keyParts('the API key', stage.apiKey),
    { name: 'a user', value: 'alice-of-the-north' },
    { name: 'another user', value: 'bob-of-the-south' },
  ];
});
afterAll(async () => {
  // Reporters need some time to stop, so all processes stop at the same time.
  await Promise.all(Object.values(stage?.processes ?? {}).map((running) => running.stop()));
  await stage?.[Symbol.asyncDispose]();
});

/** Returns the whole API key, and its secret part without the id, which is not secret. The secret is 32 bytes in base64url, which may contain "_". */
function keyParts(name: string, key: string): Secret[] {
  const secret = /_([\w-]{43})$/.exec(key)?.[1];
  if (secret === undefined) throw new Error('an API key without a secret of 43 characters');
  return [
    { name, value: key },
    { name: `${name}, its secret`, value: secret },
  ];
}

/** Sends a request. A credential in the answer becomes one of the secrets; every other answer becomes output to search. */
async function call(url: string, init: RequestInit = {}): Promise<number> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  const headers = JSON.stringify([...answer.headers]);
  const issues = answer.ok && new URL(url).pathname === '/v1/ice-servers';
  written.push({
    where: `an answer ${answer.status} of ${new URL(url).pathname.slice(0, 30)}`,
    text: issues ? headers : headers + text,
  });
  if (issues) {
    for (const { credential } of iceServersAnswerSchema.parse(JSON.parse(text)).iceServers) {
      if (credential !== undefined) secrets.push({ name: 'a credential', value: credential });
    }
  }
  return answer.status;
}

const json = { 'content-type': 'application/json' };
const bearer = (token: string) => ({ ...json, authorization: `Bearer ${token}` });
const requestBody = JSON.stringify({ userId: 'bob-of-the-south', callId: 'a-call' });

async function sendEveryRequest({ url, adminUrl }: RouterProcess): Promise<Set<number>> {
  const { secrets: known, apiKey, node } = stage;
  const tokens = [
    apiKey,
    `${apiKey}x`,
    known.jwt,
    known.expiredJwt,
    known.forgedJwt,
    known.reporterToken,
    known.jwtSecret,
  ];
  const all = [...tokens, known.nodeToken, known.adminToken, known.viewerToken, known.redisPassword];
  const relays = `${url}/v1/ice-servers`;
  const statuses: number[] = [
    await call(relays, { method: 'POST', headers: json, body: requestBody }),
    await call(relays, { method: 'POST', headers: json, body: '{"userId":"bob-of-the-south","ttlSeconds":-1}' }),
    await call(relays, { method: 'POST', headers: bearer(known.jwt), body: '{"userId":"bob-of-the-south"}' }),
  ];
  for (const token of all) {
    statuses.push(
      await call(relays, { method: 'POST', headers: bearer(token) }),
      await call(`${url}/v1/region?token=${token}`, { headers: bearer(token) }),
      await call(`${url}/coturn`, { headers: { cookie: `token=${token}`, 'x-api-key': token } }),
      await call(`${url}/${token}`),
      await call(`${url}/v1/nodes/${node}`, { method: 'PUT', headers: bearer(token), body: `{"software":"${token}"}` }),
      await call(relays, { method: 'POST', headers: json, body: `{"requireRegion":"${token}","x":"${token}"}` }),
      await call(relays, { method: 'POST', headers: json, body: token }),
      await call(relays, { method: 'POST', headers: { 'content-type': token }, body: '{}' }),
      await call(relays, { method: 'POST', headers: bearer(`${token}${'x'.repeat(40_000)}`) }),
      await call(`${adminUrl}/metrics?token=${token}`, { headers: bearer(token) }),
      await call(`${adminUrl}/${token}`, { headers: bearer(token) }),
    );
  }
  return new Set(statuses);
}

/** Runs the commands that change or show secrets. Their stdout is meant to contain secrets. */
async function runCommands(): Promise<void> {
  const { redisUrl, node, secrets: known } = stage;
  const routers = { REDIS_URL: redisUrl, TURN_SECRETS: keyRingText(known.master), REPORTER_TOKEN: known.reporterToken };
  const run = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await tryTurnctl(args, routers);
    written.push({ where: `stderr of turnctl ${args.join(' ')}`, text: stderr });
    expect([args, exitCode]).toEqual([args, 0]);
    return stdout.trim();
  };
  const nextKey = await run('keys', 'rotate', 'web');
  const nextSecrets = await run('secrets', 'rotate', '--id', 'next');
  await run('secrets', 'derive', node);
  await run('secrets', 'retire', 'old', '--force');
  await run('node-token', node);
  secrets.push(...keyParts('the rotated API key', nextKey));
  secrets.push({ name: 'the next master key', value: /^next=([^,]+)/.exec(nextSecrets)?.[1] ?? '' });
  written.push({ where: 'stdout of turnctl keys list', text: await run('keys', 'list', '-o', 'json') });

  // This Redis is meant to contain secrets, so it is not the Redis of the stage.
  await using coturnRedis = await startRedis({ args: ['--requirepass', known.redisPassword] });
  const coturnUrl = `redis://:${known.redisPassword}@127.0.0.1:${coturnRedis.port}`;
  const ofNode = { TURN_SECRETS: keyRingText(known.ofNode), PUBLIC_IP: '192.0.2.50', COTURN_REDIS_URL: coturnUrl };
  const stored = await tryTurnctl(['secrets', 'store'], ofNode);
  expect(stored).toMatchObject({ exitCode: 0 });
  written.push({ where: 'turnctl secrets store', text: stored.stdout + stored.stderr });

  // Error messages must not contain secrets either.
  const configCoturn = ['config', 'coturn', '--with-secrets', '--redis-userdb'];
  const failing = [
    [['secrets', 'store'], { ...ofNode, COTURN_REDIS_URL: coturnUrl.replace('redis:', 'rediss:') }],
    [
      ['secrets', 'store'],
      { ...ofNode, COTURN_REDIS_URL: coturnUrl.replace(known.redisPassword, `${known.redisPassword}x`) },
    ],
    [
      configCoturn,
      { ...ofNode, COTURN_REDIS_URL: coturnUrl.replace(known.redisPassword, `${known.redisPassword}%23`) },
    ],
    [['keys', 'list'], { ...routers, REDIS_URL: `${redisUrl}x/0?x=${known.redisPassword}` }],
    [['keys', 'list'], { ...routers, REDIS_URL: redisUrl.replace(known.redisPassword, `${known.redisPassword}x`) }],
    [['secrets', 'rotate'], { TURN_SECRETS: `new=${known.master.keys[0].secret},new=${known.master.keys[0].secret}` }],
    [['secrets', 'retire', 'nothing'], routers],
  ] as const;
  await Promise.all(
    failing.map(async ([args, environment]) => {
      const { stdout, stderr, exitCode } = await tryTurnctl(args, environment);
      expect([args, exitCode === 0]).toEqual([args, false]);
      written.push({ where: `turnctl ${args.join(' ')}, which fails`, text: stdout + stderr });
    }),
  );
}

/** Reads what the system shows of a process to every user (proc(5)). */
async function readCommandLine(name: string, pid: number): Promise<Written> {
  const [commandLine, title] = await Promise.all(
    ['cmdline', 'comm'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8')),
  );
  return { where: `the command line of ${name}`, text: `${commandLine}\n${title}` };
}

test('no output, Redis value, state file or command line contains a secret, a credential or a user id', async () => {
  const { onRedis, alone, processes, stateDir, redis, secrets: known } = stage;
  for (const router of [onRedis, alone]) {
    expect(await sendEveryRequest(router)).toEqual(new Set([200, 400, 401, 403, 404, 415, 431]));
  }
  await runCommands();
  const [credential] = secrets.filter(({ name }) => name === 'a credential');
  const wrong = { username: `${Math.floor(Date.now() / 1000) + 60}:x`, credential: credential?.value ?? '' };
  const { address, port } = processes.coturn;
  await expect(
    allocateAndRelease({ host: address, port, transport: 'udp' }, wrong, { timeoutMs: 60_000 }),
  ).rejects.toMatchObject({ stunErrorCode: 401 });

  for (const { url, adminUrl } of [onRedis, alone]) {
    for (const page of [`${url}/openapi.json`, `${url}/readyz`, `${adminUrl}/metrics`, `${adminUrl}/openapi.json`])
      await call(page);
  }
  const inRedis = await eventually('keys and limits in Redis', async () => {
    const all = await readRedis(redis, known.redisPassword);
    return all.some(({ text }) => text.includes('limit')) && all;
  });
  const state = await eventually('the saved state', async () => {
    const entries = await readdir(stateDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.length >= 2 && files;
  });
  const stateTexts = state.map(async (path) => ({ where: path, text: await readFile(path, 'utf8') }));
  const commandLines = Object.entries(processes).map(([name, { pid }]) => readCommandLine(name, pid));
  written.push(...inRedis, ...(await Promise.all([...stateTexts, ...commandLines])));

  // The loss of Redis is logged too.
  await redis.stop();
  await eventually('the loss in the log', () => onRedis.output().includes('"event":"registry.unreachable"'));
  for (const [name, running] of Object.entries(processes)) {
    written.push({ where: `the output of ${name}`, text: running.output() });
  }

  expect(secrets.filter(({ name }) => name === 'a credential').length).toBeGreaterThan(3);
  expect(written.map(({ text }) => text).join('')).toContain('"route":"/v1/ice-servers"');
  expect(findLeaks(written, secrets)).toEqual([]);
});
