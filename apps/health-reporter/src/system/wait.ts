import { setTimeout as delay } from 'node:timers/promises';

/** Settles after `ms`, or as soon as the signal fires; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits with the system's timers. */
export async function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  // The AbortError is ignored, because a signal may end the wait early.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
