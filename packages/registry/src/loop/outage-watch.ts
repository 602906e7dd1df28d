import { RegistryError } from '../registry-error.ts';

export type OutageEvents = {
  /** A call failed after one that succeeded, or the first call failed. */
  onLost(error: RegistryError): void;
  /** A call failed. If `onLost` is called too, it is called first. */
  onFault?(error: RegistryError): void;
  /** A call succeeded after one that failed. */
  onFound(): void;
};

export interface OutageWatch {
  /** Calls the registry. Returns undefined after a RegistryError, and rethrows any other error. */
  attempt<T>(call: () => Promise<T>): Promise<T | undefined>;
  /** Whether the last call failed. */
  isLost(): boolean;
}

/** Reports an outage of the registry once when it begins and once when it ends. Its caller does not fail because of the outage. */
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
