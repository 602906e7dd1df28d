/** Requests to read all files again. */
export interface ReloadRequests {
  /** Requests a reload. Before `onReload`, it waits. During a reload, one more reload follows, however many requests arrive. */
  readonly request: () => void;
  /** Sets the function that reloads. After disposal, requests have no effect. */
  readonly onReload: (reload: () => Promise<void>) => Disposable;
}

export function createReloadRequests(): ReloadRequests {
  let reload: (() => Promise<void>) | undefined;
  let isRequested = false;
  let isRunning = false;

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    while (isRequested) {
      const current = reload;
      if (current === undefined) break;
      isRequested = false;
      await current();
    }
    isRunning = false;
  }

  return {
    request() {
      isRequested = true;
      void run();
    },
    onReload(given) {
      reload = given;
      void run();
      return { [Symbol.dispose]: () => (reload = undefined) };
    },
  };
}
