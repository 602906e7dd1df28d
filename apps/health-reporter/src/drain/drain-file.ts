import { stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { faultName } from '../system/fault-name.ts';
import type { Wait } from '../system/wait.ts';
import type { ModeControl } from './requested-mode.ts';

export type DrainFileOptions = {
  readonly path: string;
  readonly modeControl: Pick<ModeControl, 'withdraw'>;
  readonly wait: Wait;
  readonly logger: Logger;
};

/** The interval between two checks, ms. If the process is busy, the interval may grow to a second. */
const checkIntervalMs = 500;

/**
 * Withdraws the node while the drain file exists. The first check has finished when the promise resolves. Checks continue until the result is
 * disposed. The checks poll the file, because fs.watch misses changes that other machines or mounts make to a directory.
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

/** If a check fails, the requested mode does not change. So a disk fault neither drains a node nor brings it back. */
function createCheck({ path, modeControl, logger }: DrainFileOptions): () => Promise<void> {
  let faultBefore: string | undefined;
  return async () => {
    const { exists, fault } = await checkFile(path);
    if (fault !== faultBefore) {
      if (fault === undefined)
        logger.info({ event: 'drain.file_readable', path }, 'the drain file can be checked again');
      else {
        logger.warn(
          { event: 'drain.file_unreadable', path, fault },
          'cannot check whether the drain file exists: the node stays as it is, draining or not',
        );
      }
    }
    faultBefore = fault;
    if (exists !== undefined) modeControl.withdraw(exists);
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
