import { stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';
import type { Wait } from '../system/wait.ts';
import type { OrderDesk } from './orders.ts';

export type DrainFileOptions = {
  readonly path: string;
  readonly orders: Pick<OrderDesk, 'stayAway'>;
  readonly wait: Wait;
  readonly logger: Logger;
};

/** Between two looks, ms; with what else the process has to do, at most a second. */
const lookEveryMs = 500;

/**
 * Orders the node to stay away while the drain file exists. The first look is over when this returns; the others go on until it is disposed
 * of. By looking and not by fs.watch, which does not know what other machines or mounts do to a directory.
 */
export async function watchDrainFile(options: DrainFileOptions): Promise<AsyncDisposable> {
  const end = new AbortController();
  const look = createLook(options);
  await look();
  async function goOn(): Promise<void> {
    for (;;) {
      await options.wait(lookEveryMs, end.signal);
      if (end.signal.aborted) return;
      await look();
    }
  }
  const goingOn = goOn();
  return {
    async [Symbol.asyncDispose]() {
      end.abort();
      await goingOn;
    },
  };
}

/** Where it cannot be told, the order before stands, at first none: a fault of a disk neither takes a node away nor brings it back. */
function createLook({ path, orders, logger }: DrainFileOptions): () => Promise<void> {
  let faultBefore: string | undefined;
  return async () => {
    const { exists, fault } = await lookAt(path);
    if (fault !== faultBefore) {
      if (fault === undefined)
        logger.info({ event: 'drain.file_readable', path }, 'the drain file can be checked again');
      else {
        logger.warn(
          { event: 'drain.file_unreadable', path, fault },
          'cannot check whether the drain file exists: keeping the present order',
        );
      }
    }
    faultBefore = fault;
    if (exists !== undefined) orders.stayAway(exists);
  };
}

async function lookAt(path: string): Promise<{ exists?: boolean; fault?: string }> {
  try {
    await stat(path);
    return { exists: true };
  } catch (error) {
    const fault = faultName(error);
    return fault === 'ENOENT' || fault === 'ENOTDIR' ? { exists: false } : { fault };
  }
}
