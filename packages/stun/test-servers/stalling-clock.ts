import { afterEach, beforeEach, jest } from '@jest/globals';

/**
 * Gives a suite a clock for timeouts and `performance.now` that advances at most 10 ms per turn of the event loop. When the machine stalls,
 * the clock stalls, too: responses that arrived meanwhile are read before a timeout fires. Without it a stall looks like a silent server.
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
