/**
 * The mode that the operator requests for the node.
 *
 * - `report`: publish reports.
 * - `withdraw`: drain, then have no record until this mode ends.
 * - `stop`: drain, then end the reporter.
 * - `stop_at_once`: end the reporter without waiting for the drain.
 */
export type RequestedMode = 'report' | 'withdraw' | 'stop' | 'stop_at_once';

export interface ModeReader {
  readonly current: () => RequestedMode;
  /** Returns a signal that fires at the next change of `current`. */
  readonly changed: () => AbortSignal;
}

/** Reads and changes the requested mode. */
export interface ModeControl extends ModeReader {
  /** Requests `stop`. A second call requests `stop_at_once`. */
  readonly stop: () => void;
  /** Cancels `stop` and `stop_at_once`. Returns false if neither was requested. */
  readonly cancelStop: () => boolean;
  /** Starts or ends `withdraw`. The modes `stop` and `stop_at_once` take precedence. */
  readonly withdraw: (wanted: boolean) => void;
}

export function createModeControl(): ModeControl {
  let stopCount = 0;
  let isWithdrawn = false;
  let change = new AbortController();

  const current = (): RequestedMode => {
    if (stopCount > 1) return 'stop_at_once';
    if (stopCount === 1) return 'stop';
    return isWithdrawn ? 'withdraw' : 'report';
  };
  function apply(request: () => void): void {
    const before = current();
    request();
    if (current() === before) return;
    const past = change;
    change = new AbortController();
    past.abort();
  }

  return {
    current,
    changed: () => change.signal,
    stop: () => apply(() => (stopCount += 1)),
    cancelStop() {
      const wasRequested = stopCount > 0;
      apply(() => (stopCount = 0));
      return wasRequested;
    },
    withdraw: (wanted) => apply(() => (isWithdrawn = wanted)),
  };
}
