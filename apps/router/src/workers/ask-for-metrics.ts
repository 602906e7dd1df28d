import type { Worker } from 'node:cluster';
import { on } from 'node:events';
import type { ToPrimary, ToWorker } from './messages.ts';

/** A worker that stands still for longer counts as last heard, ms. */
const patienceMs = 1_000;

/** Asks a worker for its metrics; settles when they have arrived, and never fails: at the latest after 1 s. */
export async function askForMetrics(worker: Worker): Promise<void> {
  const question: ToWorker = { kind: 'ask_metrics' };
  const giveUp = AbortSignal.timeout(patienceMs);
  try {
    const messages: AsyncIterable<ToPrimary[]> = on(worker, 'message', { signal: giveUp, close: ['disconnect'] });
    worker.send(question, () => undefined);
    for await (const [message] of messages) if (message?.kind === 'metrics') return;
  } catch {
    // In vain, or the worker's line broke: its end is noticed elsewhere.
  }
}
