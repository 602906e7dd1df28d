import type { EventSource } from './event-source.ts';

/** Runs all events before `endSecond` in order of time. If two events have the same time, the event of the earlier source in the list runs first. */
export function runUntil(endSecond: number, sources: readonly EventSource[]): void {
  for (;;) {
    let next: EventSource | undefined;
    let nextSecond = endSecond;
    for (const source of sources) {
      const second = source.nextSecond();
      if (second < nextSecond) {
        nextSecond = second;
        next = source;
      }
    }
    if (next === undefined) return;
    next.happen();
  }
}
