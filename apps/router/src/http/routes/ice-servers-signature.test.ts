import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import { nodeKeyRing, secretFingerprint } from '@turn-router/turn-credentials';
import { askForRelays, createTestApp, figures, keyRing, turnEntry } from '../../compose/test-app.fixture.ts';

/** Two nodes that have proven different keys. */
const nodes = {
  'eu-central-1/node-01': { ...figures, public_ip: '192.0.2.50', secret_ids: ['older'] },
  'eu-central-1/node-02': { ...figures, public_ip: '198.51.100.50', secret_ids: ['newest', 'older'] },
};

/** Ids and fingerprints of a node with these secrets. */
const provenBy = (secrets: Readonly<Record<string, string>>) => ({
  secret_ids: Object.keys(secrets),
  secret_fingerprints: Object.fromEntries(
    Object.entries(secrets).map(([id, secret]) => [id, secretFingerprint(secret)]),
  ),
});
const [north, south] = keyRing.keys.map(({ secret }) => secret);

describe('a node with other secrets than the router', () => {
  test.each<[string, Record<string, string>, number]>([
    ['the same secrets', { newest: north ?? '', older: south ?? '' }, 0],
    ['another newest secret', { newest: 'another-secret-of-2026', older: south ?? '' }, 1],
    ['the newest secret under another id', { default: north ?? '' }, 0],
  ])('with %s gets credentials of a common key', async (_, secrets, keyIndex) => {
    await using app = await createTestApp();
    await app.useNodes({ 'eu-central-1/node-01': { ...figures, public_ip: '192.0.2.50', ...provenBy(secrets) } });
    const { body } = await askForRelays(app);
    const { username, credential } = turnEntry(iceServersAnswerSchema.parse(body));
    const secret = keyRing.keys[keyIndex]?.secret ?? '';
    expect(createHmac('sha1', secret).update(username).digest('base64')).toBe(credential);
    expect(await app.findLeaks()).toEqual([]);
  });

  test.each([`"${north}"`, ` ${north}`, `${north}\\n`])('gets no calls if its only secret is %j', async (secret) => {
    await using app = await createTestApp();
    const report = { ...figures, public_ip: '192.0.2.50', ...provenBy({ newest: secret }) };
    await app.useNodes({ 'eu-central-1/node-01': report });
    const { status, body } = await askForRelays(app);
    expect([status, body.code]).toEqual([503, 'no_relay_available']);
    expect(await app.findLeaks()).toEqual([]);
  });

  test('is counted in readyz', async () => {
    await using app = await createTestApp();
    await app.useNodes({
      'eu-central-1/node-01': { ...figures, public_ip: '192.0.2.50', ...provenBy({ newest: 'x', older: south ?? '' }) },
      'eu-central-1/node-02': { ...figures, public_ip: '192.0.2.51', ...provenBy({ newest: north ?? '' }) },
    });
    const { body } = await request(app.publicApp).get('/readyz');
    expect(body).toMatchObject({ ready: true, mismatchedSecrets: 1 });
  });

  test('is compared with the secrets that are derived for it', async () => {
    await using app = await createTestApp({ secretMode: 'per-node' });
    const derived = nodeKeyRing(keyRing, 'eu-central-1/node-01').keys[0].secret;
    const report = { ...figures, public_ip: '192.0.2.50' };
    await app.useNodes({ 'eu-central-1/node-01': { ...report, ...provenBy({ newest: derived }) } });
    expect((await askForRelays(app)).status).toBe(200);
    // The node has the master key, or the secret of another node.
    await app.useNodes({ 'eu-central-1/node-01': { ...report, ...provenBy({ newest: north ?? '' }) } });
    expect((await askForRelays(app)).status).toBe(503);
  });
});

describe('the signature of a credential', () => {
  test('uses the newest key that each node has proven', async () => {
    await using app = await createTestApp();
    await app.useNodes(nodes);
    const { body } = await askForRelays(app, { maxNodes: 2 });
    const { iceServers } = iceServersAnswerSchema.parse(body);
    const secretOf = ({ username = '', credential }: (typeof iceServers)[number]) =>
      keyRing.keys.findIndex(
        ({ secret }) => createHmac('sha1', secret).update(username).digest('base64') === credential,
      );
    const keysByAddress = iceServers
      .filter(({ credential }) => credential !== undefined)
      .map((server) => [/\d+\.\d+\.\d+\.\d+/.exec(server.urls[0] ?? '')?.[0], secretOf(server)]);
    expect(Object.fromEntries(keysByAddress)).toEqual({ '192.0.2.50': 1, '198.51.100.50': 0 });
  });

  test('uses the per-node secret of the newest key that each node has proven', async () => {
    await using perNode = await createTestApp({ secretMode: 'per-node' });
    await perNode.useNodes(nodes);
    const response = await askForRelays(perNode, { maxNodes: 2 });
    const { iceServers, nodes: names } = iceServersAnswerSchema.parse(response.body);
    const signatures = iceServers.flatMap(({ username, credential }) =>
      username === undefined ? [] : [{ username, credential }],
    );
    const signed = names.map((name, index) => {
      const [newest, older] = nodeKeyRing(keyRing, name).keys;
      const key = name === 'eu-central-1/node-01' ? older : newest;
      const username = signatures[index]?.username ?? '';
      return {
        username,
        credential: createHmac('sha1', key?.secret ?? '')
          .update(username)
          .digest('base64'),
      };
    });
    expect(names.toSorted()).toEqual(Object.keys(nodes));
    expect(signatures).toEqual(signed);
    expect(await perNode.findLeaks()).toEqual([]);
  });
});
