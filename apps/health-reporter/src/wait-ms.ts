import { setTimeout as delay } from 'node:timers/promises';

/** Waits by the system's timers. */
export async function waitMs(ms: number, signal: AbortSignal): Promise<void> {
  // The signal is what is waited for, too: its AbortError is no fault.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
