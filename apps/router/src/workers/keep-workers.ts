import type { Worker } from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import { joinSignals } from '@turn-router/deadline';
import type { Logger } from '../observe/logger.ts';
import type { ToPrimary } from './messages.ts';
import { replacementDelayMs } from './replacement-delay.ts';
import { runWorkerProcess, type WorkerEnd } from './run-worker-process.ts';

export type WorkersParts = {
  readonly count: number;
  readonly logger: Logger;
  readonly random: () => number;
  /** Called once, when all workers accept connections. */
  readonly onListening: (publicPort: number) => void;
  readonly onStarted: (number: number, worker: Worker) => void;
  readonly onMessage: (number: number, message: ToPrimary) => void;
  readonly onEnded: (number: number) => void;
};

/**
 * Runs workers 1 to `count` until `stop` is aborted. If a worker ends before that, it is replaced.
 *
 * @throws the failure of a worker that ends before any worker has listened. The same failure would stop all workers again and again
 */
export async function keepWorkers(parts: WorkersParts, stop: AbortSignal): Promise<void> {
  const { count, logger, random } = parts;
  const listening = new Set<number>();
  const failure = new AbortController();
  using joined = joinSignals(stop, failure.signal);
  const ending = joined.signal;
  let haveAllListened = false;

  function handleMessage(number: number, message: ToPrimary): void {
    if (message.kind === 'listening') {
      listening.add(number);
      if (haveAllListened) {
        logger.info({ event: 'worker.replaced', worker: number }, 'replacement worker is listening');
      } else if (listening.size === count) parts.onListening(message.publicPort);
      haveAllListened ||= listening.size === count;
    }
    parts.onMessage(number, message);
  }

  async function keep(number: number): Promise<void> {
    let failedStarts = 0;
    while (!ending.aborted) {
      const end = await runWorkerProcess(number, ending, {
        onStarted: (worker) => parts.onStarted(number, worker),
        onMessage: (message) => handleMessage(number, message),
      });
      parts.onEnded(number);
      if (ending.aborted) return;
      // A number stays in the set after its worker has listened once, because the replacement of that worker is not part of the start.
      if (listening.size === 0) return failure.abort(end.error ?? new Error(describeEnd(number, end)));
      failedStarts = end.hasListened ? 0 : failedStarts + 1;
      const { code, signal, error } = end;
      logger.warn(
        { event: 'worker.ended', worker: number, code, signal, err: error },
        'worker ended: starting a replacement',
      );
      await delay(replacementDelayMs(failedStarts, random), undefined, { signal: ending }).catch(() => undefined);
    }
  }

  await Promise.all(Array.from({ length: count }, (_, index) => keep(index + 1)));
  failure.signal.throwIfAborted();
}

function describeEnd(number: number, { code, signal }: WorkerEnd): string {
  return `worker ${number} ended before it listened (${signal ?? `code ${code}`})`;
}
