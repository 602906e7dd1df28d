import type { Logger } from '../observe/logger.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;

/** Time from the first signal to a forced exit, ms. */
const stopTimeoutMs = 9_500;

/** Returns an abort signal that aborts at SIGTERM or SIGINT. After a second signal, or after 9.5 s, the process exits at once with code 1. */
export function stopOnSignal(process: NodeJS.Process, logger: Logger): AbortSignal {
  const stop = new AbortController();
  const endNow = (reason: string) => {
    logger.error({ event: 'router.stop_forced', reason }, 'forced exit: requests in progress are cut off');
    process.exit(1);
  };
  const startStopping = () => {
    for (const signal of signals) process.off(signal, startStopping).once(signal, () => endNow(`a second ${signal}`));
    setTimeout(() => endNow(`${stopTimeoutMs} ms had passed`), stopTimeoutMs).unref();
    stop.abort();
  };
  for (const signal of signals) process.once(signal, startStopping);
  return stop.signal;
}
