import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { workerNumberVariable, type ToPrimary, type ToWorker } from './messages.ts';

/** Time after which a worker that was told to stop is killed, ms. */
const stopTimeoutMs = 9_000;

export type WorkerEnd = {
  readonly hasListened: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  /** The failure that the worker reported, or the reason why it could not be started. */
  readonly error: unknown;
};

export type WorkerEvents = {
  readonly onStarted: (worker: Worker) => void;
  readonly onMessage: (message: ToPrimary) => void;
};

/** Starts a worker and settles when it has ended. If `stop` aborts, the worker may still finish requests in progress. */
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
      // If a process could not be started, it emits no `exit`.
      if (worker.process.pid === undefined) resolve();
    });
  });
  onStarted(worker);

  let deadline: NodeJS.Timeout | undefined;
  const tellToStop = () => {
    const message: ToWorker = { kind: 'stop' };
    worker.send(message, () => undefined);
    // A worker that does not accept connections yet has no requests to finish.
    deadline = setTimeout(() => worker.process.kill('SIGKILL'), hasListened ? stopTimeoutMs : 0);
  };
  if (stop.aborted) tellToStop();
  stop.addEventListener('abort', tellToStop);
  await ended;
  // The last messages of the worker may arrive after its exit.
  if (worker.isConnected()) await once(worker, 'disconnect');
  stop.removeEventListener('abort', tellToStop);
  clearTimeout(deadline);
  return { hasListened, code: worker.process.exitCode, signal: worker.process.signalCode, error };
}
