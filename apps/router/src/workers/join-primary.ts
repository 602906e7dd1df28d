import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { GeoProofs } from '@turn-router/geo';
import type { WorkerAnswers, WorkerLine } from '../compose/run-router.ts';
import { createAskedProofs } from './ask-for-verdict.ts';
import { workerNumberVariable, type Question, type ToPrimary, type ToWorker } from './messages.ts';

/** How long a worker that refuses connections waits for the others to do so too, ms. */
const refusalTimeoutMs = 500;

/** A worker's side of the line to its primary. A worker whose primary is gone ends at once: Node sees to that. */
export type LineToPrimary = WorkerLine & {
  /** Aborted when the primary wants this worker to end. */
  readonly stop: AbortSignal;
  readonly sayListening: (publicPort: number) => void;
  readonly sayFailed: (error: unknown) => Promise<void>;
  /** Of all workers one proves a GeoIP file. */
  readonly geoProofs: GeoProofs;
};

/** The line to the primary; undefined in a process that no primary of this program has started. */
export function joinPrimary(): LineToPrimary | undefined {
  const { worker } = cluster;
  const number = Number(process.env[workerNumberVariable]);
  if (worker === undefined || !Number.isInteger(number)) return undefined;

  const stop = new AbortController();
  const allRefuse = new AbortController();
  const say = (message: ToPrimary) =>
    // A primary that is gone hears nothing, and this worker is about to end for it.
    new Promise<void>((resolve) => void worker.send(message, () => resolve()));
  const proofs = createAskedProofs(say);
  let known: WorkerAnswers | undefined;
  const answerTo = async (question: Question): Promise<unknown> => {
    if (known === undefined) return undefined;
    if (question.about === 'metrics') return known.metrics();
    if (question.about === 'fleet') return known.fleet.status(...question.with);
    return known.fleet.explain(...question.with);
  };
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop.abort();
    if (message.kind === 'ask') {
      void answerTo(message).then((answer) => say({ kind: 'answer', id: message.id, answer }));
    }
    if (message.kind === 'all_refuse') allRefuse.abort();
    if (message.kind === 'geo_verdict') proofs.hear(message);
  });

  return {
    number,
    stop: stop.signal,
    sayListening: (publicPort) => void say({ kind: 'listening', publicPort }),
    sayFailed: (error) => say({ kind: 'failed', error }),
    untilAllRefuse: async () => {
      void say({ kind: 'refusing' });
      await delay(refusalTimeoutMs, undefined, { signal: allRefuse.signal }).catch(() => undefined);
    },
    geoProofs: proofs,
    answerPrimary: (answers) => {
      known = answers;
      return {
        [Symbol.asyncDispose]: async () => say({ kind: 'last_metrics', readings: await answers.metrics() }),
      };
    },
  };
}
