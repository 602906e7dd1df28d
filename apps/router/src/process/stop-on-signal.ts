import type { Logger } from '../observe/logger.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

/** The process is ended by force this long after it was asked to end, ms. */
const deadlineMs = 9_500;

/** Aborted when the process is asked to end. Asked a second time, or when it takes longer than 9.5 s, it ends at once with exit code 1. */
export function stopOnSignal(process: NodeJS.Process, logger: Logger): AbortSignal {
  const stop = new AbortController();
  const endNow = (reason: string) => {
    logger.error({ event: 'router.stop_forced', reason }, 'forced exit: requests in progress are cut off');
    process.exit(1);
  };
  const ask = () => {
    for (const signal of signals) process.off(signal, ask).once(signal, () => endNow(`a second ${signal}`));
    setTimeout(() => endNow(`${deadlineMs} ms had passed`), deadlineMs).unref();
    stop.abort();
  };
  for (const signal of signals) process.once(signal, ask);
  return stop.signal;
}
