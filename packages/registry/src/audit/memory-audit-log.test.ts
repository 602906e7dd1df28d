import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { describeAuditLog } from './audit-log.contract.ts';
import { createMemoryAuditLog } from './memory-audit-log.ts';

const event = { actor: 'router:a', action: 'node.draining', subject: 'eu/1' } as const;

describeAuditLog('memory', () =>
  Promise.resolve({
    log: createMemoryAuditLog(createManualClock(1_000).now),
    spoil: undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
);

describe('the audit log in memory', () => {
  test('keeps the newest entries', async () => {
    await using log = createMemoryAuditLog(createManualClock().now, 2);
    for (const subject of ['a', 'b', 'c']) await log.append({ ...event, subject });
    const { entries, before } = await log.read({ sinceMs: 0, limit: 9 });
    expect([entries.map(({ subject }) => subject), before]).toEqual([['c', 'b'], undefined]);
  });

  test('writes a state again after its lifetime, counted from its last report', async () => {
    const clock = createManualClock();
    await using log = createMemoryAuditLog(clock.now);
    const say = () => log.append(event, { of: 'eu/1', is: 'draining', lastsMs: 100 });
    expect(await say()).toBe(true);
    clock.advance(99);
    expect(await say()).toBe(false);
    clock.advance(99);
    expect(await say()).toBe(false);
    clock.advance(100);
    expect(await say()).toBe(true);
  });

  test('writes a repeated change back and forth after the settling time', async () => {
    const clock = createManualClock();
    await using log = createMemoryAuditLog(clock.now);
    const say = (is: string) => log.append(event, { of: 'eu/1', is, settlesMs: 100 });
    expect([await say('draining'), await say('back'), await say('draining')]).toEqual([true, true, false]);
    clock.advance(99);
    expect(await say('draining')).toBe(false);
    clock.advance(1);
    expect([await say('draining'), await say('back')]).toEqual([true, true]);
  });

  test('keeps increasing ids when its clock steps back', async () => {
    const clock = createManualClock(5_000);
    await using log = createMemoryAuditLog(clock.now);
    await log.append(event);
    clock.advance(-4_000);
    await log.append(event);
    const { entries } = await log.read({ sinceMs: 0, limit: 9 });
    expect(entries.map(({ id }) => id)).toEqual(['5000-1', '5000-0']);
  });
});
