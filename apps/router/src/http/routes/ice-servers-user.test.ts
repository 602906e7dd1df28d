import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { iceServersAnswerSchema, type IceServersRequest } from '@turn-router/contract/http';
import {
  apiKeys,
  askForRelays,
  callers,
  createTestApp,
  turnEntry,
  type TestApp,
} from '../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());

/** The part of the username that identifies a user in a TURN server's quota. */
async function idFor(wishes: IceServersRequest, from?: string, key?: string) {
  const asking = askForRelays(app, wishes, from);
  const { body } = await (key === undefined ? asking : asking.set('Authorization', `Bearer ${key}`)).expect(200);
  return turnEntry(iceServersAnswerSchema.parse(body)).username.split(':')[1];
}

describe('the user in a TURN server’s quota', () => {
  const { web, other } = apiKeys;

  test('is the one that an application names, at any address', async () => {
    const id = await idFor({ userId: 'alice-of-the-north' }, callers.london, web);
    expect(await idFor({ userId: 'alice-of-the-north', ttlSeconds: 300 }, callers.sydney, web)).toBe(id);
    expect(await idFor({ userId: 'bertha-of-the-north' }, callers.london, web)).not.toBe(id);
  });

  test('differs between two applications, even with equal names', async () => {
    const ids = [
      await idFor({ userId: 'alice-of-the-north' }, callers.london, web),
      await idFor({ userId: 'alice-of-the-north' }, callers.london, other),
      await idFor({}, callers.london, web),
      await idFor({}, callers.london, other),
      await idFor({}, callers.london),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is the network of an anonymous caller, whatever userId it sends', async () => {
    const id = await idFor({}, callers.london);
    expect(await idFor({ userId: 'alice-of-the-north' }, callers.london)).toBe(id);
    expect(await idFor({ userId: 'alice-of-the-north' }, callers.sydney)).not.toBe(id);
  });

  test('is the network of the caller if no user is named', async () => {
    const id = await idFor({}, '2a02:d100::1');
    expect(await idFor({}, '2a02:d100::ffff:1')).toBe(id);
    expect(await idFor({}, '2a02:d100:0:1::1')).not.toBe(id);
    expect(await idFor({}, '81.2.69.142')).not.toBe(await idFor({}, '81.2.69.143'));
  });

  test.each(['a:b', '%s%n', 'жена', '…', '<script>', '__proto__', '::', 'x'.repeat(128)])(
    'a user called %j reaches the TURN server as twelve harmless characters',
    async (userId) => {
      expect(await idFor({ userId }, callers.london, web)).toMatch(/^[A-Za-z0-9_-]{12}$/);
    },
  );
});

test('no log line, error or metric contains a secret or a name', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
