import { RegistryError, startLoop } from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';

/** A registry whose clock can be read. */
export type ClockSource = {
  /** Its name in log and metrics. */
  readonly name: string;
  /** Unix time, ms. Rejects with a RegistryError. */
  readonly readClock: () => Promise<number>;
};

export type OwnClockParts = {
  /** The clock that credentials are signed by, Unix time, ms. */
  readonly nowMs: () => number;
  readonly monotonicNowMs: () => number;
  readonly logger: Logger;
};

/**
 * The difference between this router's clock and the clocks of the registries. Nodes report the offset of their clocks from a registry. Together
 * the two show whether a node would refuse the credentials of this router.
 */
export interface OwnClock {
  /** For each registry, this router's clock minus the registry's clock, ms; 0 until it is known. At least one. */
  readonly offsetsMs: () => readonly number[];
  /** Compares the clocks once. */
  readonly compare: () => Promise<void>;
  /** Compares the clocks repeatedly until disposal. `onChange` is called when an offset has changed by a second or more. */
  readonly follow: (onChange: () => void) => AsyncDisposable;
}

/** Time between two comparisons, ms. A clock that steps is found within this time. */
const everyMs = 10_000;

/** The smallest offset that is logged, ms. */
const largeOffsetMs = 10_000;

/** The smallest change that matters to nodes, ms. */
const changeMs = 1_000;

/** @param sources empty for the embedded registry, whose clock is this router's clock */
export function createOwnClock(
  sources: readonly ClockSource[],
  { nowMs, monotonicNowMs, logger }: OwnClockParts,
): OwnClock {
  const offsets = new Map(sources.map(({ name }) => [name, 0]));
  let onChange: (() => void) | undefined;

  /** Assumes that the registry reads its clock half-way between request and response (Cristian, 1989). */
  async function measure({ readClock }: ClockSource): Promise<number | undefined> {
    const askedMs = monotonicNowMs();
    try {
      const registryMs = await readClock();
      return nowMs() - (monotonicNowMs() - askedMs) / 2 - registryMs;
    } catch (error) {
      // The fleet feed already logs an unreachable registry. The last known offset stays valid.
      if (error instanceof RegistryError) return undefined;
      throw error;
    }
  }

  async function compareWith(source: ClockSource): Promise<void> {
    const offsetMs = await measure(source);
    if (offsetMs === undefined) return;
    const before = offsets.get(source.name) ?? 0;
    // Small changes are the noise of the measurement. If they counted, every node would be judged again each time.
    if (Math.abs(offsetMs - before) < changeMs) return;
    offsets.set(source.name, offsetMs);
    logLargeOffset(source.name, before, offsetMs);
    onChange?.();
  }

  function logLargeOffset(registry: string, before: number, offsetMs: number): void {
    const [wasLarge, isLarge] = [before, offsetMs].map((offset) => Math.abs(offset) >= largeOffsetMs);
    const fields = { registry, offsetSeconds: Math.round(offsetMs / 100) / 10 };
    if (isLarge && !wasLarge) {
      logger.warn(
        { event: 'clock.offset_large', ...fields },
        "the router's clock differs from the registry's clock by 10 s or more",
      );
    } else if (wasLarge && !isLarge) {
      logger.info(
        { event: 'clock.offset_normal', ...fields },
        "the router's clock differs from the registry's clock by less than 10 s again",
      );
    }
  }

  const compare = async () => {
    await Promise.all(sources.map(compareWith));
  };
  return {
    offsetsMs: () => (offsets.size === 0 ? [0] : [...offsets.values()]),
    compare,
    follow(listener) {
      onChange = listener;
      return startLoop(compare, everyMs);
    },
  };
}
