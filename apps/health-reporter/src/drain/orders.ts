/**
 * What its operator wants of the node: reports; none as long as something is done to it; none because the reporter ends; none, and without
 * a drain that is waited for.
 */
export type Order = 'report' | 'stay_away' | 'leave' | 'leave_at_once';

export interface Orders {
  readonly current: () => Order;
  /** Fires at the next change of `current`, and never for one that was before. */
  readonly changed: () => AbortSignal;
}

/** The same, for those who give the orders. */
export interface OrderDesk extends Orders {
  /** Leave; said again: leave at once. */
  readonly leave: () => void;
  /** Takes `leave` back; false where none was given. */
  readonly takeBack: () => boolean;
  /** Stay away, from now on or no longer. `leave` is the stronger. */
  readonly stayAway: (wanted: boolean) => void;
}

export function createOrders(): OrderDesk {
  let timesToLeave = 0;
  let staysAway = false;
  let change = new AbortController();

  const current = (): Order => {
    if (timesToLeave > 1) return 'leave_at_once';
    if (timesToLeave === 1) return 'leave';
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
    leave: () => give(() => (timesToLeave += 1)),
    takeBack() {
      const wasGiven = timesToLeave > 0;
      give(() => (timesToLeave = 0));
      return wasGiven;
    },
    stayAway: (wanted) => give(() => (staysAway = wanted)),
  };
}
