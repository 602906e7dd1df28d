import { RegistryError } from '../registry-error.ts';

export type OutageEvents = {
  /** A call failed after one that did not (or as the first). */
  onLost(error: RegistryError): void;
  /** A call failed; after `onLost`, if that is told too. */
  onFault?(error: RegistryError): void;
  /** A call succeeded after one that did not. */
  onFound(): void;
};

export interface OutageWatch {
  /** Makes a call to the registry; undefined when it failed. Only a RegistryError is expected: anything else is thrown on. */
  attempt<T>(call: () => Promise<T>): Promise<T | undefined>;
  /** Whether the last call failed. */
  isLost(): boolean;
}

/** A registry that is away is no reason to stop: it is said once, and once when it is back. */
export function createOutageWatch(events: OutageEvents): OutageWatch {
  let lost = false;
  return {
    async attempt(call) {
      let result;
      try {
        result = await call();
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        if (!lost) {
          lost = true;
          events.onLost(error);
        }
        events.onFault?.(error);
        return undefined;
      }
      if (lost) {
        lost = false;
        events.onFound();
      }
      return result;
    },
    isLost: () => lost,
  };
}
