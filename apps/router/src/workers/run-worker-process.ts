import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { workerNumberVariable, type ToPrimary, type ToWorker } from './messages.ts';

/** A worker that was told to stop is killed after this time, ms. */
const stopTimeoutMs = 9_000;

export type WorkerEnd = {
  readonly hasListened: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  /** What it said had ended it, or why it could not be started. */
  readonly error: unknown;
};

export type WorkerEvents = {
  readonly onStarted: (worker: Worker) => void;
  readonly onMessage: (message: ToPrimary) => void;
};

/** Starts a worker and settles when it has ended. When `stop` is aborted it may finish what it has under way. */
export async function runWorkerProcess(
  number: number,
  stop: AbortSignal,
  { onStarted, onMessage }: WorkerEvents,
): Promise<WorkerEnd> {
  cluster.setupPrimary({ serialization: 'advanced' });
  const worker = cluster.fork({ [workerNumberVariable]: `${number}` });
  let hasListened = false;
  let error: unknown;
  worker.on('message', (message: ToPrimary) => {
    if (message.kind === 'listening') hasListened = true;
    if (message.kind === 'failed') ({ error } = message);
    onMessage(message);
  });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
    worker.on('error', (reason) => {
      error ??= reason;
      // One that could not be started has no `exit`.
      if (worker.process.pid === undefined) resolve();
    });
  });
  onStarted(worker);

  let deadline: NodeJS.Timeout | undefined;
  const tellToStop = () => {
    const message: ToWorker = { kind: 'stop' };
    worker.send(message, () => undefined);
    // Nobody has called one that does not listen yet.
    deadline = setTimeout(() => worker.process.kill('SIGKILL'), hasListened ? stopTimeoutMs : 0);
  };
  if (stop.aborted) tellToStop();
  stop.addEventListener('abort', tellToStop);
  await ended;
  // What it said last may arrive after its end.
  if (worker.isConnected()) await once(worker, 'disconnect');
  stop.removeEventListener('abort', tellToStop);
  clearTimeout(deadline);
  return { hasListened, code: worker.process.exitCode, signal: worker.process.signalCode, error };
}
