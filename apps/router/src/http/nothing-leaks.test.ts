import { describe, expect, test } from '@jest/globals';
import { probeCredentialAnswerSchema } from '@turn-router/contract/http';
import request from 'supertest';
import { createTestApp, figures, keyRing, reporterToken, turnEntry } from '../compose/test-app.fixture.ts';

// Every suite of the API ends with `findLeaks`. These tests prove that it finds leaks and that it has enough output to search.

const alice = 'alice-of-the-north';

test('requests of every kind leak no secret, credential or name', async () => {
  await using app = await createTestApp();
  const post = (body: object) => request(app.publicApp).post('/v1/ice-servers').send(body);
  const put = (token: string) =>
    request(app.publicApp).put('/v1/nodes/us-east-1/node-07').set('Authorization', `Bearer ${token}`);
  const probe = (token: string) =>
    request(app.publicApp)
      .post('/v1/probe-credentials?prober=us-east-1/node-07')
      .set('Authorization', `Bearer ${token}`);
  const issued = [
    await post({ userId: alice }),
    await post({ userId: `${alice}-2`, maxNodes: 4 }),
    await post({ userId: '' }),
    await post({ userId: alice, ttlSeconds: -1 }),
    await post({ userId: alice, requireRegion: 'nowhere-1' }),
    await post({ userId: alice, requireRegion: 'ap-southeast-1' }),
    await post({ userId: alice, [keyRing.keys[0].id]: alice }),
    await post({ userId: alice, excludeNodes: [alice] }),
    await put(reporterToken).send({ ...figures, public_ip: '192.0.2.77' }),
    await put(reporterToken).send({ ...figures, public_ip: reporterToken }),
    await put(`${reporterToken}x`).send({}),
    await probe(reporterToken).send({ target: 'eu-central-1/node-01' }),
    await probe(reporterToken).send({ target: reporterToken }),
    await probe(`${reporterToken}x`).send({ target: 'eu-central-1/node-01' }),
    await request(app.publicApp).get(`/v1/region?token=${reporterToken}&userId=${alice}`),
    await request(app.publicApp).get(`/${reporterToken}`),
    await request(app.publicApp).get(`/docs/${reporterToken}`),
    await request(app.adminApp).get(`/metrics?token=${reporterToken}`),
  ];
  expect(issued.map(({ status }) => status)).toEqual([
    200, 200, 400, 400, 400, 503, 400, 400, 204, 400, 401, 200, 400, 401, 200, 404, 404, 200,
  ]);
  expect(app.logLines().length).toBeGreaterThanOrEqual(issued.length - 1);
  expect(await app.findLeaks()).toEqual([]);
});

function createFailingApp(message: string) {
  return createTestApp({
    geo: {
      locate() {
        throw new Error(message);
      },
    },
  });
}

describe('the search finds', () => {
  test.each([keyRing.keys[0].secret, keyRing.keys[1]?.secret ?? '', reporterToken])(
    '%s in an error’s message',
    async (secret) => {
      await using app = await createFailingApp(`cannot use ${secret}`);
      await request(app.publicApp).get('/v1/region').expect(500);
      expect(await app.findLeaks()).toEqual([secret]);
    },
  );

  test('an issued credential for probes in a logged field', async () => {
    await using app = await createTestApp();
    const { text } = await request(app.publicApp)
      .post('/v1/probe-credentials?prober=us-east-1/node-01')
      .auth(reporterToken, { type: 'bearer' })
      .send({ target: 'eu-central-1/node-01' });
    const { username, credential } = probeCredentialAnswerSchema.parse(JSON.parse(text));
    await request(app.publicApp)
      .post('/v1/ice-servers')
      .send({ callId: `${username} ${credential}` });
    expect((await app.findLeaks()).toSorted()).toEqual([username, credential].toSorted());
  });

  test('a user’s name and an issued credential in a logged field', async () => {
    await using app = await createTestApp();
    const post = (body: object) => request(app.publicApp).post('/v1/ice-servers').send(body).expect(200);
    const { username, credential } = turnEntry((await post({ userId: alice })).body);
    await post({ callId: `${alice} ${username} ${credential}` });
    expect((await app.findLeaks()).toSorted()).toEqual([username, credential, alice].toSorted());
  });
});
