import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { iceServersAnswerSchema } from '@turn-router/contract/http';
import { nodeKeyRing } from '@turn-router/turn-credentials';
import { askForRelays, createTestApp, figures, keyRing } from '../../compose/test-app.fixture.ts';

/** Two nodes that have proven different keys. */
const nodes = {
  'eu-central-1/node-01': { ...figures, public_ip: '192.0.2.50', secret_ids: ['older'] },
  'eu-central-1/node-02': { ...figures, public_ip: '198.51.100.50', secret_ids: ['newest', 'older'] },
};

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
