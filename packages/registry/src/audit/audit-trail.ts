import type { AuditEvent } from '@turn-router/contract/registry';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { AuditLog, AuditState } from './audit-log.ts';

export type AuditTrailEvents = OutageEvents & {
  /** This process has written the event to the log. */
  onWritten(event: AuditEvent): void;
  /** The queue was full: this event is lost. */
  onDropped(event: AuditEvent): void;
  /** The log is unreachable: this event waits in memory. Called once for each event. */
  onWaiting?(event: AuditEvent): void;
  /** The process ends before it could write this event: the event is lost. */
  onUnwritten?(event: AuditEvent): void;
};

export interface AuditTrail extends AsyncDisposable {
  /** Queues an event. Never waits and never fails. */
  readonly record: (event: AuditEvent, state?: AuditState) => void;
  /** Writes the queued events. The loop calls it periodically. */
  readonly flush: () => Promise<void>;
  /** Returns the number of queued events. */
  readonly countWaiting: () => number;
}

export type AuditTrailOptions = {
  readonly monotonicNowMs: () => number;
  /** The largest number of queued events while the log is unreachable; default 1000. An event takes at most 1 KB of memory in practice. */
  readonly capacity?: number;
  /** Time between two flushes, ms; default 1000. */
  readonly intervalMs?: number;
};

/** An event that waited longer than this time, ms, is written with `delayedMs`. */
const usualDelayMs = 2_000;

type QueuedEvent = {
  readonly event: AuditEvent;
  readonly state: AuditState | undefined;
  readonly sinceMs: number;
  isAnnounced: boolean;
};

/** Writes events to the audit log in the background, in order. While the log is unreachable they are queued; a full queue drops the oldest. */
export function startAuditTrail(
  log: Pick<AuditLog, 'append'>,
  events: AuditTrailEvents,
  { monotonicNowMs, capacity = 1_000, intervalMs = 1_000 }: AuditTrailOptions,
): AuditTrail {
  const watch = createOutageWatch(events);
  const queue: QueuedEvent[] = [];
  let flushing = Promise.resolve();

  function withDelay({ event, sinceMs }: QueuedEvent): AuditEvent {
    const delayedMs = Math.round(monotonicNowMs() - sinceMs);
    return delayedMs <= usualDelayMs ? event : { ...event, detail: { ...event.detail, delayedMs } };
  }

  function announceWaiting(): void {
    for (const queued of queue) {
      if (!queued.isAnnounced) events.onWaiting?.(queued.event);
      queued.isAnnounced = true;
    }
  }

  async function writeAll(): Promise<void> {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const event = withDelay(first);
      const { state } = first;
      const result = await watch.attempt(async () => ({ isWritten: await log.append(event, state) }));
      if (result === undefined) return announceWaiting();
      // The event may have been dropped while it was written.
      if (queue[0] === first) queue.shift();
      if (result.isWritten) events.onWritten(event);
    }
  }

  /** Flushes run one after the other, so that no event is written twice. */
  function flush(): Promise<void> {
    flushing = flushing.then(writeAll);
    return flushing;
  }

  const loop = startLoop(flush, intervalMs);
  return {
    record(event, state) {
      queue.push({ event, state, sinceMs: monotonicNowMs(), isAnnounced: false });
      const dropped = queue.length > capacity ? queue.shift() : undefined;
      if (dropped !== undefined) events.onDropped(dropped.event);
    },
    flush,
    countWaiting: () => queue.length,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      await flush();
      for (const { event } of queue.splice(0)) events.onUnwritten?.(event);
    },
  };
}
