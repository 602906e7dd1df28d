import type { AuditEvent } from '@turn-router/contract/registry';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { AuditLog, AuditState } from './audit-log.ts';

export type AuditTrailEvents = OutageEvents & {
  /** It stands in the log now, put there by this process. */
  onWritten(event: AuditEvent): void;
  /** Too many were waiting: this one is not going to be written. */
  onDropped(event: AuditEvent): void;
};

export interface AuditTrail extends AsyncDisposable {
  /** Has an event written, soon. Never waits and never fails. */
  readonly record: (event: AuditEvent, state?: AuditState) => void;
  /** Writes what waits. The loop does this by itself. */
  readonly flush: () => Promise<void>;
}

export type AuditTrailOptions = {
  readonly monotonicNowMs: () => number;
  /** Events that may wait while the log is away, 1 KB each at most in practice. More: memory. */
  readonly capacity?: number;
  /** From one look for events that wait to the next, ms. */
  readonly intervalMs?: number;
};

/** What an event may wait for, ms, without a word on it in the log. */
const usualDelayMs = 2_000;

type Waiting = { readonly event: AuditEvent; readonly state: AuditState | undefined; readonly sinceMs: number };

/** Writes events into the audit log in the background, in their order. While the log is away they wait; of too many the oldest are dropped. */
export function startAuditTrail(
  log: Pick<AuditLog, 'append'>,
  events: AuditTrailEvents,
  { monotonicNowMs, capacity = 1_000, intervalMs = 1_000 }: AuditTrailOptions,
): AuditTrail {
  const watch = createOutageWatch(events);
  const waiting: Waiting[] = [];
  let flushing = Promise.resolve();

  function eventOf({ event, sinceMs }: Waiting): AuditEvent {
    const delayedMs = Math.round(monotonicNowMs() - sinceMs);
    return delayedMs <= usualDelayMs ? event : { ...event, detail: { ...event.detail, delayedMs } };
  }

  async function writeAll(): Promise<void> {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const event = eventOf(first);
      const { state } = first;
      const result = await watch.attempt(async () => ({ isWritten: await log.append(event, state) }));
      if (result === undefined) return;
      // It may have been dropped meanwhile.
      if (waiting[0] === first) waiting.shift();
      if (result.isWritten) events.onWritten(event);
    }
  }

  /** One after the other, so that no event is written twice. */
  function flush(): Promise<void> {
    flushing = flushing.then(writeAll);
    return flushing;
  }

  const loop = startLoop(flush, intervalMs);
  return {
    record(event, state) {
      waiting.push({ event, state, sinceMs: monotonicNowMs() });
      const dropped = waiting.length > capacity ? waiting.shift() : undefined;
      if (dropped !== undefined) events.onDropped(dropped.event);
    },
    flush,
    async [Symbol.asyncDispose]() {
      await loop[Symbol.asyncDispose]();
      await flush();
    },
  };
}
