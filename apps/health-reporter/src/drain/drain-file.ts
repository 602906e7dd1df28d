import { stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';
import type { Wait } from '../system/wait.ts';
import type { OrderControl } from './orders.ts';

export type DrainFileOptions = {
  readonly path: string;
  readonly orders: Pick<OrderControl, 'stayAway'>;
  readonly wait: Wait;
  readonly logger: Logger;
};

/** The interval between two checks, ms; other work of the process may stretch it to a second. */
const checkIntervalMs = 500;

/**
 * Takes the node out of service while the drain file exists. The first check has finished when this returns; checks continue until it is
 * disposed. It polls, since fs.watch misses changes that other machines or mounts make to a directory.
 */
export async function watchDrainFile(options: DrainFileOptions): Promise<AsyncDisposable> {
  const end = new AbortController();
  const check = createCheck(options);
  await check();
  async function poll(): Promise<void> {
    for (;;) {
      await options.wait(checkIntervalMs, end.signal);
      if (end.signal.aborted) return;
      await check();
    }
  }
  const polling = poll();
  return {
    async [Symbol.asyncDispose]() {
      end.abort();
      await polling;
    },
  };
}

/** If a check fails, the order stays as it was (at first: none), so a disk fault neither drains a node nor brings it back. */
function createCheck({ path, orders, logger }: DrainFileOptions): () => Promise<void> {
  let faultBefore: string | undefined;
  return async () => {
    const { exists, fault } = await checkFile(path);
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

async function checkFile(path: string): Promise<{ exists?: boolean; fault?: string }> {
  try {
    await stat(path);
    return { exists: true };
  } catch (error) {
    const fault = faultName(error);
    return fault === 'ENOENT' || fault === 'ENOTDIR' ? { exists: false } : { fault };
  }
}
