import type { PolicySource } from '@turn-router/registry';
import { PolicyError } from './policy-error.ts';
import { assertNotWeaker, currentOf, parseVersion, type ReadPolicy } from './read-policy.ts';

export type PolicyEvents = {
  readonly onPolicy: (read: ReadPolicy) => void;
  /** Called for an unusable policy. The router keeps using the previous policy. */
  readonly onRefused: (error: PolicyError) => void;
};

/** A watch of the policy. `firstReading` settles when the changes from before the watch have been reported. */
export interface PolicyWatch extends Disposable {
  readonly firstReading: Promise<void>;
  /** Reads the policy now. Settles when a changed policy has been reported or refused. */
  readonly readNow: () => Promise<void>;
}

/** The policy at the start. */
export type PolicyStart = {
  readonly inForce: ReadPolicy;
  /** Why the policy of the source is not in force; undefined: it is in force. */
  readonly refusal?: PolicyError | undefined;
  /** Why the kept policy is unusable, so that the policy of the source was not compared with it. */
  readonly keptFault?: PolicyError | undefined;
};

/**
 * Reads the policy again whenever it may have changed. Two reads never run at the same time. The first read starts at once. Each version is
 * reported once. A version that could not be read, or not be parsed at the moment, is tried again.
 */
export function watchPolicy(source: PolicySource, start: PolicyStart, events: PolicyEvents): PolicyWatch {
  let { inForce } = start;
  /** The version that was reported last; undefined after a failure that may pass. */
  let judged = start.refusal === undefined ? inForce.version : start.refusal.version;
  let refusedBefore = start.refusal?.message;

  /** Returns false if the same version must be tried again. */
  async function take(): Promise<boolean> {
    try {
      const stored = await currentOf(source);
      if (stored.version === judged) return true;
      const next = await parseVersion(source.place, stored);
      assertNotWeaker(source.place, inForce, next);
      judged = next.version;
      inForce = next;
      refusedBefore = undefined;
      events.onPolicy(next);
      return true;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      judged = error.version;
      // A file that stays unreadable is tried again and again.
      if (error.version !== undefined || error.message !== refusedBefore) events.onRefused(error);
      refusedBefore = error.message;
      return error.version !== undefined;
    }
  }

  // The watch starts before the first read, so that no change between the two is missed.
  let taking: Promise<unknown> = Promise.resolve();
  function takeNext(): Promise<boolean> {
    const next = taking.then(take);
    taking = next;
    return next;
  }
  const watch = source.onChange(takeNext);
  const readNow = () => takeNext().then(() => undefined);
  return { firstReading: readNow(), readNow, [Symbol.dispose]: () => watch[Symbol.dispose]() };
}
