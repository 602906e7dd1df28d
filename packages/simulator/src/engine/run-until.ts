import type { EventSource } from './event-source.ts';

/** Lets everything happen in the order of time, up to and without `endSecond`. Of several at the same moment the first source's comes first. */
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
