import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { startSteadyLoad, type LoadSummary } from '@turn-router/testing';

/** Calls at a constant rate from a separate thread, so that the work of the fuzzer does not count as latency of the router. */
export interface PoliteCaller extends AsyncDisposable {
  /** Summarizes its calls since the previous call of `lastPhase`, or since the start. */
  readonly lastPhase: () => Promise<LoadSummary>;
}

type Task = {
  readonly politeCaller: { readonly url: string; readonly ratePerSecond: number; readonly maxSeconds: number };
};

export async function startPoliteCaller(task: Task['politeCaller']): Promise<PoliteCaller> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { politeCaller: task } satisfies Task });
  await once(worker, 'online');
  return {
    async lastPhase() {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
      worker.postMessage('end of phase');
      const [summary] = await once(worker, 'message');
      return summary;
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
    },
  };
}

function isTask(data: unknown): data is Task {
  return typeof data === 'object' && data !== null && 'politeCaller' in data;
}

if (!isMainThread && isTask(workerData)) {
  const load = startSteadyLoad(workerData.politeCaller);
  let fromMs = 0;
  parentPort?.on('message', () => {
    const toMs = performance.now();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
    parentPort?.postMessage(load.window(fromMs, toMs));
    fromMs = toMs;
  });
}
