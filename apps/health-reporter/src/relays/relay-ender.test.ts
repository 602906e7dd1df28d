import { describe, expect, test } from '@jest/globals';
import type { Revocation } from '@turn-router/contract/registry';
import { createManualClock } from '@turn-router/testing';
import { pino } from 'pino';
import { CoturnCliError } from './coturn-cli/coturn-cli-error.ts';
import { createRelayEnder, usersToEnd } from './relay-ender.ts';

const hourMs = 3_600_000;
const alice: Revocation = { at_ms: 0, turn_users: ['alice-of-new', 'alice-of-old'] };
const bob: Revocation = { at_ms: 0, until_ms: hourMs, turn_users: ['bob-of-new'] };

describe('the users whose relays are ended', () => {
  test.each<[why: string, nowMs: number, isFullRound: boolean, users: string[]]>([
    ['all, while older credentials may be valid', 0, false, ['alice-of-new', 'alice-of-old', 'bob-of-new']],
    ['excludes lifted revocations', hourMs, false, ['alice-of-new', 'alice-of-old']],
    [
      'lasts until an hour after the last credential has expired',
      25 * hourMs - 1,
      false,
      ['alice-of-new', 'alice-of-old'],
    ],
    ['excludes older revocations', 25 * hourMs, false, []],
    ['includes older revocations in a full round', 25 * hourMs, true, ['alice-of-new', 'alice-of-old']],
    ['includes all with a clock that is behind', -hourMs, false, ['alice-of-new', 'alice-of-old', 'bob-of-new']],
  ])('%s', (_, nowMs, isFullRound, users) => {
    expect([...usersToEnd([alice, bob, alice], { nowMs, isFullRound })]).toEqual(users);
  });
});

/** A coturn with these sessions, which vanish when they are cancelled. */
function setUp() {
  const clock = createManualClock(0);
  const sessions: { id: string; user: string }[] = [];
  const said: unknown[] = [];
  const done: string[] = [];
  let fault: CoturnCliError | undefined;
  const ender = createRelayEnder({
    openCli() {
      done.push('open');
      if (fault !== undefined) return Promise.reject(fault);
      return Promise.resolve({
        sessionsOf(user) {
          done.push(user);
          const found = sessions.filter((session) => session.user === user);
          return fault === undefined
            ? Promise.resolve(found.map(({ id }) => ({ id, username: `1:${user}` })))
            : Promise.reject(fault);
        },
        cancel({ id }) {
          sessions.splice(
            sessions.findIndex((session) => session.id === id),
            1,
          );
          return Promise.resolve();
        },
        [Symbol.dispose]: () => void done.push('close'),
      });
    },
    clock: { nowMs: clock.now, monotonicMs: clock.now },
    logger: pino({ base: null, timestamp: false }, { write: (line) => void said.push(JSON.parse(line)) }),
  });
  return {
    ender,
    clock,
    sessions,
    fail: (error: CoturnCliError | undefined) => {
      fault = error;
    },
    /** The commands and log lines of one round. */
    round: async () => {
      const isDone = await ender.endOnce();
      return { isDone, done: done.splice(0), said: said.splice(0) };
    },
  };
}

describe('ending relays', () => {
  test('does not connect to coturn while no user is revoked', async () => {
    const { round } = setUp();
    expect(await round()).toEqual({ isDone: true, done: [], said: [] });
  });

  test('ends existing and new relays over one connection, and logs this once a minute', async () => {
    const { ender, clock, sessions, round } = setUp();
    ender.setRevocations(new Map([['user:bob', bob]]));
    const news = {
      level: 30,
      event: 'relays.ended',
      user: 'bob-of-new',
      relays: 2,
      msg: 'ended relays of a revoked user: further relays of this user are not logged for a minute',
    };
    sessions.push({ id: '1', user: 'bob-of-new' }, { id: '2', user: 'bob-of-new' }, { id: '3', user: 'eve' });
    expect(await round()).toEqual({ isDone: true, done: ['open', 'bob-of-new'], said: [news] });
    sessions.push({ id: '4', user: 'bob-of-new' });
    expect(await round()).toEqual({ isDone: true, done: ['bob-of-new'], said: [] });
    expect(sessions).toEqual([{ id: '3', user: 'eve' }]);
    clock.advance(60_000);
    sessions.push({ id: '5', user: 'bob-of-new' });
    expect(await round()).toMatchObject({ said: [{ relays: 1 }] });
    ender.setRevocations(new Map());
    expect(await round()).toEqual({ isDone: true, done: ['close'], said: [] });
  });

  test('logs a fault once and its end once; each round reconnects', async () => {
    const { ender, fail, round } = setUp();
    ender.setRevocations(new Map([['user:bob', bob]]));
    fail(new CoturnCliError('unreachable', 'cannot connect (ECONNREFUSED)'));
    const warning = {
      level: 40,
      event: 'relays.cli_unreachable',
      fault: 'unreachable',
      reason: 'cannot connect (ECONNREFUSED)',
      msg: "coturn's CLI is unreachable: relays of revoked users keep running",
    };
    expect(await round()).toEqual({ isDone: false, done: ['open'], said: [warning] });
    expect(await round()).toEqual({ isDone: false, done: ['open'], said: [] });
    fail(undefined);
    expect(await round()).toMatchObject({
      isDone: true,
      done: ['open', 'bob-of-new'],
      said: [{ msg: "coturn's CLI works again: relays of revoked users are ended again" }],
    });
    fail(new CoturnCliError('closed', 'coturn closed the connection'));
    expect(await round()).toMatchObject({ isDone: false, done: ['bob-of-new', 'close'], said: [{ fault: 'closed' }] });
  });

  test('queries users revoked long ago once a minute, and at once after a start', async () => {
    const { ender, clock, round } = setUp();
    clock.advance(30 * hourMs);
    ender.setRevocations(new Map([['user:alice', alice]]));
    expect((await round()).done).toEqual(['open', 'alice-of-new', 'alice-of-old']);
    clock.advance(59_999);
    expect((await round()).done).toEqual([]);
    clock.advance(1);
    expect((await round()).done).toEqual(['alice-of-new', 'alice-of-old']);
  });
});
