import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import { allocateAndRelease, holdAllocation } from '@turn-router/stun';
import {
  eventually,
  startCoturn,
  startParts,
  startReporter,
  startRouter,
  temporaryDirectory,
} from '@turn-router/testing';
import { askForIceServers } from '../ask.ts';
import { policy } from '../policy.ts';
import { turnEntries, type TurnEntry } from './turn-entries.ts';

const secret = 'kJ8-first-north-secret';
const reporterToken = 'reporter-token-of-2026';
const options = { timeoutMs: 60_000 };

/** Starts a node whose coturn allows two allocations per user, and a router that trusts X-Forwarded-For. */
function startNodeWithQuota() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('quota'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const coturn = add(await startCoturn({ secrets: [secret], config: ['user-quota=2'] }));
    const turnSecrets = `first=${secret}`;
    const environment = { TRUSTED_PROXIES: '127.0.0.1' };
    const router = add(await startRouter({ policyFile, turnSecrets, reporterToken, environment }));
    const destination = { ROUTER_URL: router.url, REPORTER_TOKEN: reporterToken };
    add(await startReporter({ region: 'eu-central-1', id: 'node-1', turnServer: coturn, turnSecrets, destination }));
    await eventually('the router to know the node', () => askForIceServers(router.url).catch(() => undefined));
    return { router, server: { host: coturn.address, port: coturn.port, transport: 'udp' } as const };
  });
}

let node: Awaited<ReturnType<typeof startNodeWithQuota>>;
beforeAll(async () => {
  node = await startNodeWithQuota();
});
afterAll(async () => node[Symbol.asyncDispose]());

/** Requests a credential with this client address and this body. */
async function credentialFor(address: string, body: string): Promise<TurnEntry> {
  const response = await fetch(`${node.router.url}/v1/ice-servers`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
    body,
  });
  const [entry] = turnEntries(iceServersAnswerSchema.parse(await response.json()));
  if (entry === undefined) throw new Error('expected a TURN server in the answer');
  return entry;
}

type Spelling = readonly [address: string, body: string];

/** In each row: one user in several spellings, and another user. */
const users: [user: string, spellings: [Spelling, Spelling, ...Spelling[]], another: Spelling][] = [
  [
    'an IPv4 caller',
    [
      ['198.51.100.7', '{}'],
      ['::ffff:198.51.100.7', '{"ttlSeconds": 61}'],
      ['198.51.100.7:5060', '{"ttlSeconds": 62, "callId": "a"}'],
      ['::FFFF:C633:6407', '{"ttlSeconds": 63}'],
    ],
    ['198.51.100.8', '{}'],
  ],
  [
    'an IPv6 caller with a /64',
    [
      ['2001:db8:0:7::1', '{}'],
      ['2001:0DB8:0000:0007:0000:0000:0000:0002', '{"ttlSeconds": 61}'],
      ['[2001:db8:0:7:ffff::3]:5060', '{"ttlSeconds": 62}'],
    ],
    ['2001:db8:0:8::1', '{}'],
  ],
  [
    'a user with a userId',
    [
      ['198.51.100.9', '{"userId": "zoë"}'],
      ['198.51.100.9', String.raw`{"userId": "zo\u00eb", "ttlSeconds": 61}`],
      ['198.51.100.9', String.raw`{"ttlSeconds": 62, "userId": "\u007ao\u00EB"}`],
    ],
    ['198.51.100.10', '{"userId": "zoe"}'],
  ],
];

test.each(users)(
  '%s gets two allocations with any spelling and number of credentials, and does not affect another user',
  async (_user, spellings, another) => {
    const credentials = await Promise.all(spellings.map((spelling) => credentialFor(...spelling)));
    const [first, second, ...more] = credentials;
    expect(new Set(credentials.map(({ username }) => username)).size).toBe(credentials.length);
    if (first === undefined || second === undefined) throw new Error('expected two credentials');
    await using _first = await holdAllocation(node.server, first, options);
    await using _second = await holdAllocation(node.server, second, options);
    for (const credential of [...more, first]) {
      await expect(allocateAndRelease(node.server, credential, options)).rejects.toMatchObject({
        fault: 'quota_reached',
      });
    }
    await allocateAndRelease(node.server, await credentialFor(...another), options);
  },
);
