import { setTimeout as delay } from 'node:timers/promises';
import type { NodeRegistry, RegistryReading } from '../nodes/node-registry.ts';
import { RegistryError } from '../registry-error.ts';

export interface ReadingLog extends AsyncDisposable {
  /** The successful readings so far, each with its start, ms of `performance.now()`. */
  readonly readings: readonly { readonly startedAtMs: number; readonly reading: RegistryReading }[];
  readonly failures: readonly RegistryError[];
}

/** Reads a registry periodically, more often than a router does. */
export function startReadingLog(registry: NodeRegistry, everyMs = 20): ReadingLog {
  const stopped = new AbortController();
  const readings: { startedAtMs: number; reading: RegistryReading }[] = [];
  const failures: RegistryError[] = [];
  const loop = (async () => {
    while (!stopped.signal.aborted) {
      const startedAtMs = performance.now();
      try {
        readings.push({ startedAtMs, reading: await registry.readAll() });
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        failures.push(error);
      }
      await delay(everyMs);
    }
  })();
  return {
    readings,
    failures,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await loop;
    },
  };
}
