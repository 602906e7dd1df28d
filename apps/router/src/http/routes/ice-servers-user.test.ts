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

/** The part of the username that a TURN server counts by. */
async function idFor(wishes: IceServersRequest, from?: string, key?: string) {
  const asking = askForRelays(app, wishes, from);
  const { body } = await (key === undefined ? asking : asking.set('Authorization', `Bearer ${key}`)).expect(200);
  return turnEntry(iceServersAnswerSchema.parse(body)).username.split(':')[1];
}

describe('whom the quota of a TURN server counts', () => {
  const { web, other } = apiKeys;

  test('the user that an application names, wherever it is', async () => {
    const id = await idFor({ userId: 'alice-of-the-north' }, callers.london, web);
    expect(await idFor({ userId: 'alice-of-the-north', ttlSeconds: 300 }, callers.sydney, web)).toBe(id);
    expect(await idFor({ userId: 'bertha-of-the-north' }, callers.london, web)).not.toBe(id);
  });

  test('the users of two applications apart, whatever they are called', async () => {
    const ids = [
      await idFor({ userId: 'alice-of-the-north' }, callers.london, web),
      await idFor({ userId: 'alice-of-the-north' }, callers.london, other),
      await idFor({}, callers.london, web),
      await idFor({}, callers.london, other),
      await idFor({}, callers.london),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('of whom nobody knows the customer behind the address, whoever it says it is', async () => {
    const id = await idFor({}, callers.london);
    expect(await idFor({ userId: 'alice-of-the-north' }, callers.london)).toBe(id);
    expect(await idFor({ userId: 'alice-of-the-north' }, callers.sydney)).not.toBe(id);
  });

  test('without a user the customer behind the address', async () => {
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

test('nothing of all this was said in a log line, an error or the metrics that nobody may know', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
