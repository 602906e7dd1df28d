import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import { createManualClock, eventually, startRedis, type RedisServer } from '@turn-router/testing';
import { RegistryError } from '../registry-error.ts';
import type { AuditLog } from './audit-log.ts';
import { startAuditTrail } from './audit-trail.ts';
import { createRedisAuditLog } from './redis-audit-log.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

/** Timeouts of a command: long enough for a busy machine, and short for a silent Redis. */
const patientMs = 60_000;
const impatientMs = 1_000;

const open = ({ commandTimeoutMs = patientMs } = {}) =>
  createRedisAuditLog({
    url: server.url,
    name: 'test',
    random: () => 0,
    monotonicNowMs: () => performance.now(),
    commandTimeoutMs,
  });

const event = (subject: string): AuditEvent => ({ actor: 'router:a', action: 'node.draining', subject });
const subjectsIn = async (log: AuditLog) =>
  (await log.read({ sinceMs: 0, limit: 99 })).entries.map(({ subject }) => subject).toReversed();

/** Starts a trail that only writes on flush(), and logs its events. */
function follow(log: AuditLog, capacity = 3) {
  const said: string[] = [];
  const clock = createManualClock();
  const trail = startAuditTrail(
    log,
    {
      onWritten: ({ subject }) => said.push(`written ${subject}`),
      onDropped: ({ subject }) => said.push(`dropped ${subject}`),
      onLost: ({ fault }) => said.push(`lost ${fault}`),
      onFound: () => said.push('found'),
    },
    { monotonicNowMs: clock.now, capacity, intervalMs: 3_600_000 },
  );
  return { ...trail, said, clock };
}

describe('the audit trail', () => {
  test('writes the recorded events in order', async () => {
    await using log = open();
    await using trail = follow(log);
    for (const subject of ['a', 'b', 'c']) trail.record(event(subject));
    await trail.flush();
    await trail.flush();
    expect(trail.said).toEqual(['written a', 'written b', 'written c']);
    expect(await subjectsIn(log)).toEqual(['a', 'b', 'c']);
  });

  test('does not report events written by another router', async () => {
    await using log = open();
    await using one = follow(log);
    await using other = follow(log);
    for (const trail of [one, other]) trail.record(event('a'), { of: 'a', is: 'draining' });
    await Promise.all([one.flush(), other.flush()]);
    expect([...one.said, ...other.said]).toEqual(['written a']);
    expect(await subjectsIn(log)).toEqual(['a']);
  });

  test('keeps the newest events while Redis is silent, and writes their delay', async () => {
    await using log = open({ commandTimeoutMs: impatientMs });
    await using trail = follow(log);
    await trail.flush();
    server.signal('SIGSTOP');
    for (const subject of ['a', 'b', 'c', 'd', 'e']) trail.record(event(subject));
    await trail.flush();
    expect(trail.said).toEqual(['dropped a', 'dropped b', 'lost timeout']);
    trail.clock.advance(90_000);
    trail.record(event('f'));
    server.signal('SIGCONT');
    await eventually('everything to be written', async () => {
      await trail.flush();
      return trail.said.length === 8;
    });
    expect(trail.said.slice(3)).toEqual(['dropped c', 'found', 'written d', 'written e', 'written f']);
    const { entries } = await log.read({ sinceMs: 0, limit: 3 });
    expect(entries.map(({ detail }) => detail)).toEqual([undefined, { delayedMs: 90_000 }, { delayedMs: 90_000 }]);
  });

  test('writes the queued events when it ends', async () => {
    await using log = open();
    {
      await using trail = follow(log);
      trail.record(event('a'));
    }
    expect(await subjectsIn(log)).toEqual(['a']);
  });

  test('names the events that wait for the log, and those that are lost at the end', async () => {
    const said: string[] = [];
    const trail = startAuditTrail(
      { append: () => Promise.reject(new RegistryError('unavailable', 'the disk is full')) },
      {
        onWritten: ({ subject }) => said.push(`written ${subject}`),
        onDropped: ({ subject }) => said.push(`dropped ${subject}`),
        onWaiting: ({ subject }) => said.push(`waiting ${subject}`),
        onUnwritten: ({ subject }) => said.push(`unwritten ${subject}`),
        onLost: () => said.push('lost'),
        onFound: () => said.push('found'),
      },
      { monotonicNowMs: () => 0, intervalMs: 3_600_000 },
    );
    for (const subject of ['a', 'b']) trail.record(event(subject));
    await trail.flush();
    trail.record(event('c'));
    await trail.flush();
    expect([said, trail.countWaiting()]).toEqual([['lost', 'waiting a', 'waiting b', 'waiting c'], 3]);
    await trail[Symbol.asyncDispose]();
    expect(said.slice(4)).toEqual(['unwritten a', 'unwritten b', 'unwritten c']);
  });
});
