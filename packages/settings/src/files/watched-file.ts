import { setTimeout as delay } from 'node:timers/promises';
import { lookAtFile } from './file-state.ts';
import { FileChangingError, FileError, readTextFile } from './read-text-file.ts';

/** Time between two looks at a file, ms. A file stands still if two looks see the same state, so a change is read within two of these times. */
const lookIntervalMs = 500;

/** A file that nobody has changed for this time stands still at the first look, ms. */
const oldAfterMs = 2_000;

/** Maximum number of looks until a file must stand still. */
const settleLooksMax = 20;

/** A state that could not be taken is tried again after this number of looks. */
const retryLooks = 14;

export type StillText = { readonly text: string; readonly stateId: string };

/**
 * A file that people and their tools change while a program uses it. A change counts only when the file stands still. It counts as seen only when
 * it was taken. So a change that cannot be read for a while, for example without file descriptors, is tried again.
 */
export interface WatchedFile {
  /**
   * Waits until the file stands still, and reads it.
   *
   * @throws FileError if the file cannot be read, is larger than `maxBytes`, or keeps changing
   */
  readonly readText: (maxBytes: number) => Promise<StillText>;
  /** Sets the state that counts as seen. */
  readonly markTaken: (stateId: string) => void;
  /**
   * Looks at the file once. Calls `take` if the file stands still in a state that was not taken. Calls must not overlap.
   *
   * @param take returns whether the state counts as seen: because it is in use, or because its content is refused. `isStill` tells whether the
   * file still has the same state
   */
  readonly lookAndTake: (take: (isStill: () => Promise<boolean>) => Promise<boolean>) => Promise<void>;
  /** Does the same, but looks again at a file that has just changed, as soon as it can stand still. So one call takes a whole change. */
  readonly settleAndTake: WatchedFile['lookAndTake'];
  /** Calls `lookAndTake` repeatedly, until disposed of. Polling detects changes of bind mounts and links, which file notifications miss. */
  readonly watch: (take: () => Promise<boolean>) => Disposable;
}

export type WatchedFileClock = {
  /** Unix time, ms. */
  readonly nowMs: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Calls `act` repeatedly, until disposed of. Calls do not overlap. */
  readonly every?: (intervalMs: number, act: () => Promise<void>) => Disposable;
};

/** The timer does not keep the process alive. */
function every(intervalMs: number, act: () => Promise<void>): Disposable {
  let acting: Promise<void> | undefined;
  const timer = setInterval(() => {
    acting ??= act().finally(() => (acting = undefined));
  }, intervalMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

export function watchedFile(
  path: string,
  { nowMs, wait = delay, every: repeat = every }: WatchedFileClock,
): WatchedFile {
  let seen: string | undefined;
  let taken: string | undefined;
  let failed: { readonly id: string; looksLeft: number } | undefined;

  async function look() {
    const state = await lookAtFile(path);
    const isStill = state.id === seen;
    seen = state.id;
    return { id: state.id, isStill, isOld: nowMs() - state.changedAtMs >= oldAfterMs };
  }

  async function readText(maxBytes: number): Promise<StillText> {
    for (let looks = 0; looks < settleLooksMax; looks += 1) {
      const { id, isStill, isOld } = await look();
      try {
        if (isStill || isOld) return { text: await readTextFile(path, maxBytes, id), stateId: id };
      } catch (error) {
        if (!(error instanceof FileChangingError)) throw error;
      }
      await wait(lookIntervalMs);
    }
    throw new FileError(`${path}: keeps changing: expected a file that stands still for ${lookIntervalMs} ms`);
  }

  async function lookAndTake(take: (isStill: () => Promise<boolean>) => Promise<boolean>): Promise<void> {
    const { id, isStill } = await look();
    if (!isStill || id === taken) return;
    if (failed?.id === id && (failed.looksLeft -= 1) > 0) return;
    failed = { id, looksLeft: retryLooks };
    if (await take(async () => (await lookAtFile(path)).id === id)) taken = id;
  }

  return {
    readText,
    markTaken: (stateId) => (taken = stateId),
    lookAndTake,
    async settleAndTake(take) {
      const before = seen;
      await lookAndTake(take);
      if (seen === before || seen === taken) return;
      await wait(lookIntervalMs);
      await lookAndTake(take);
    },
    watch: (take) => repeat(lookIntervalMs, () => lookAndTake(take)),
  };
}
