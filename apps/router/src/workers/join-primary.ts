import cluster from 'node:cluster';
import { setTimeout as delay } from 'node:timers/promises';
import type { GeoProofs } from '@turn-router/geo';
import type { WorkerAnswers, WorkerLink } from '../compose/run-router.ts';
import { createAskedProofs } from './ask-for-verdict.ts';
import { workerNumberVariable, type Question, type ToPrimary, type ToWorker } from './messages.ts';

/** Longest wait of a stopping worker until the other stopping workers refuse connections, ms. */
const refusalTimeoutMs = 500;

/** The worker's side of the channel to its primary. Node ends a worker whose primary has ended. */
export type PrimaryLink = WorkerLink & {
  /** Aborts when the primary tells this worker to stop. */
  readonly stop: AbortSignal;
  readonly reportListening: (publicPort: number) => void;
  readonly reportFailure: (error: unknown) => Promise<void>;
  /** The results of GeoIP file checks. All workers share them: only one worker checks each file. */
  readonly geoProofs: GeoProofs;
};

/**
 * Opens the channel to the primary; undefined in a process that is not a worker.
 *
 * @param requestReload called when the primary tells this worker to read its files again
 */
export function joinPrimary(requestReload: () => void): PrimaryLink | undefined {
  const { worker } = cluster;
  const number = Number(process.env[workerNumberVariable]);
  if (worker === undefined || !Number.isInteger(number)) return undefined;

  const stop = new AbortController();
  const allRefuse = new AbortController();
  const send = (message: ToPrimary) =>
    // Errors are ignored. If the primary has ended, this worker is about to end too.
    new Promise<void>((resolve) => void worker.send(message, () => resolve()));
  const proofs = createAskedProofs(send);
  let answers: WorkerAnswers | undefined;
  const answerTo = async (question: Question): Promise<unknown> => {
    if (answers === undefined) return undefined;
    if (question.about === 'metrics') return answers.metrics();
    if (question.about === 'fleet') return answers.fleet.status(...question.with);
    return answers.fleet.explain(...question.with);
  };
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stop.abort();
    if (message.kind === 'reload') requestReload();
    if (message.kind === 'ask') {
      void answerTo(message).then((answer) => send({ kind: 'answer', id: message.id, answer }));
    }
    if (message.kind === 'all_refuse') allRefuse.abort();
    if (message.kind === 'geo_verdict') proofs.handleAnswer(message);
  });

  return {
    number,
    stop: stop.signal,
    reportListening: (publicPort) => void send({ kind: 'listening', publicPort }),
    reportFailure: (error) => send({ kind: 'failed', error }),
    untilAllRefuse: async () => {
      void send({ kind: 'refusing' });
      await delay(refusalTimeoutMs, undefined, { signal: allRefuse.signal }).catch(() => undefined);
    },
    geoProofs: proofs,
    answerPrimary: (given) => {
      answers = given;
      return {
        [Symbol.asyncDispose]: async () => send({ kind: 'last_metrics', readings: await given.metrics() }),
      };
    },
  };
}
