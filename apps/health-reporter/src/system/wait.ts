import { setTimeout as delay } from 'node:timers/promises';

/** Settles after `ms`, or as soon as the signal fires; never rejects. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the system's timers. */
export async function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  // The signal is what is waited for, too: its AbortError is no fault.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
