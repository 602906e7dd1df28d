/**
 * The operator's order to the node.
 *
 * - `report`: publish reports.
 * - `stay_away`: drain, then have no record until the order ends.
 * - `leave`: drain, then end the reporter.
 * - `leave_at_once`: end the reporter without waiting for the drain.
 */
export type Order = 'report' | 'stay_away' | 'leave' | 'leave_at_once';

export interface Orders {
  readonly current: () => Order;
  /** Returns a signal that fires at the next change of `current`. */
  readonly changed: () => AbortSignal;
}

/** Orders, and the means to change them. */
export interface OrderControl extends Orders {
  /** Orders the node to leave; a second call orders it to leave at once. */
  readonly leave: () => void;
  /** Cancels `leave`; returns false if there was no such order. */
  readonly cancelLeave: () => boolean;
  /** Starts or ends the order to be out of service. `leave` takes precedence. */
  readonly stayAway: (wanted: boolean) => void;
}

export function createOrders(): OrderControl {
  let leaveCount = 0;
  let staysAway = false;
  let change = new AbortController();

  const current = (): Order => {
    if (leaveCount > 1) return 'leave_at_once';
    if (leaveCount === 1) return 'leave';
    return staysAway ? 'stay_away' : 'report';
  };
  function give(order: () => void): void {
    const before = current();
    order();
    if (current() === before) return;
    const past = change;
    change = new AbortController();
    past.abort();
  }

  return {
    current,
    changed: () => change.signal,
    leave: () => give(() => (leaveCount += 1)),
    cancelLeave() {
      const wasGiven = leaveCount > 0;
      give(() => (leaveCount = 0));
      return wasGiven;
    },
    stayAway: (wanted) => give(() => (staysAway = wanted)),
  };
}
