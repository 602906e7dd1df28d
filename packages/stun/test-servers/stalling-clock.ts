import { afterEach, beforeEach, jest } from '@jest/globals';

/**
 * Gives a suite timeouts and `performance.now` by a clock that gains at most 10 ms with each turn of the event loop. When the machine
 * stalls, so does the clock: answers that came meanwhile are read before a timeout that would have passed. Without it a stall looks like
 * a silent server.
 */
export function useStallingClock(): void {
  beforeEach(() => {
    jest.useFakeTimers({
      advanceTimers: 10,
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
      ],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}
