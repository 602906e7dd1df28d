/**
 * The mode that the operator requests for the node.
 *
 * - `report`: publish reports.
 * - `withdraw`: drain, then have no record until this mode ends.
 * - `hand_over`: end the reporter without a drain. The record stays for a reporter that starts soon.
 * - `stop`: drain, then end the reporter.
 * - `stop_at_once`: end the reporter without waiting for the drain.
 */
export type RequestedMode = 'report' | 'withdraw' | 'hand_over' | 'stop' | 'stop_at_once';

export interface ModeReader {
  readonly current: () => RequestedMode;
  /** Returns a signal that fires at the next change of `current`. */
  readonly changed: () => AbortSignal;
}

/** Reads and changes the requested mode. */
export interface ModeControl extends ModeReader {
  /** Requests `stop`. A second call requests `stop_at_once`. */
  readonly stop: () => void;
  /** Requests `hand_over`. If the node is withdrawn or stops already, the node leaves permanently: then it is the same as `stop`. */
  readonly handOver: () => void;
  /** Cancels `hand_over`, `stop` and `stop_at_once`. Returns false if none of them was requested. */
  readonly cancelStop: () => boolean;
  /** Starts or ends `withdraw`. The modes `stop` and `stop_at_once` take precedence. A withdrawn node is not handed over: it stops. */
  readonly withdraw: (wanted: boolean) => void;
}

export function createModeControl(): ModeControl {
  let stopCount = 0;
  let isHandedOver = false;
  let isWithdrawn = false;
  let change = new AbortController();

  const current = (): RequestedMode => {
    if (stopCount > 1) return 'stop_at_once';
    if (stopCount === 1) return 'stop';
    if (isHandedOver) return isWithdrawn ? 'stop' : 'hand_over';
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
    handOver: () =>
      apply(() => {
        if (isWithdrawn || stopCount > 0) stopCount += 1;
        else isHandedOver = true;
      }),
    cancelStop() {
      const wasRequested = isHandedOver || stopCount > 0;
      apply(() => {
        stopCount = 0;
        isHandedOver = false;
      });
      return wasRequested;
    },
    withdraw: (wanted) => apply(() => (isWithdrawn = wanted)),
  };
}
