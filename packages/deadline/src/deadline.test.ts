import { describe, expect, jest, test } from '@jest/globals';
import { joinSignals } from './join-signals.ts';
import { startDeadline } from './start-deadline.ts';
import { withDeadline } from './with-deadline.ts';

const never = () => new Promise<never>(() => undefined);

describe('a deadline', () => {
  test.each([0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])('refuses %d ms', (timeoutMs) => {
    expect(() => startDeadline({ timeoutMs })).toThrow(RangeError);
  });

  test('fires at its timeout, and not after disposal', () => {
    jest.useFakeTimers();
    try {
      using first = startDeadline({ timeoutMs: 1_000 });
      const second = startDeadline({ timeoutMs: 1_000 });
      jest.advanceTimersByTime(999);
      expect(first.signal.aborted).toBe(false);
      second[Symbol.dispose]();
      jest.advanceTimersByTime(1);
      expect(first.signal.reason).toMatchObject({ name: 'TimeoutError', message: 'no answer within 1000 ms' });
      expect(second.signal.aborted).toBe(false);
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  test('fires when the caller stops, before or after its start', () => {
    const stop = new AbortController();
    using before = startDeadline({ timeoutMs: 60_000, stop: stop.signal });
    stop.abort(new Error('stopped'));
    using after = startDeadline({ timeoutMs: 60_000, stop: stop.signal, stopError: () => new Error('mine') });
    expect(before.signal.reason).toMatchObject({ message: 'stopped' });
    expect(after.signal.reason).toMatchObject({ message: 'mine' });
  });
});

describe('a call with a deadline', () => {
  test('ends at the deadline even if it ignores the signal', async () => {
    await expect(withDeadline({ timeoutMs: 1 }, never)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('is not made after the stop', async () => {
    const call = jest.fn(never);
    const stop = AbortSignal.abort(new Error('stopped'));
    await expect(withDeadline({ timeoutMs: 60_000, stop }, call)).rejects.toThrow('stopped');
    expect(call).not.toHaveBeenCalled();
  });

  test.each(['resolves', 'rejects', 'throws'])('leaves no timer and no listener when it %s', async (how) => {
    jest.useFakeTimers();
    try {
      const stop = new AbortController();
      const removed = jest.spyOn(stop.signal, 'removeEventListener');
      const ended = withDeadline({ timeoutMs: 60_000, stop: stop.signal }, () => {
        if (how === 'throws') throw new Error('fault');
        return how === 'resolves' ? Promise.resolve('answer') : Promise.reject(new Error('fault'));
      });
      expect(await ended.catch(({ message }: Error) => message)).toBe(how === 'resolves' ? 'answer' : 'fault');
      expect(jest.getTimerCount()).toBe(0);
      expect(removed).toHaveBeenCalledTimes(1);
    } finally {
      jest.useRealTimers();
    }
  });
});

test('joined signals fire with the first of them, unless disposed of', () => {
  const [one, other] = [new AbortController(), new AbortController()];
  using joined = joinSignals(one.signal, other.signal);
  const disposed = joinSignals(one.signal, other.signal);
  disposed[Symbol.dispose]();
  other.abort(new Error('other'));
  one.abort(new Error('one'));
  using late = joinSignals(one.signal, other.signal);
  expect(joined.signal.reason).toMatchObject({ message: 'other' });
  expect(late.signal.reason).toMatchObject({ message: 'one' });
  expect(disposed.signal.aborted).toBe(false);
});
