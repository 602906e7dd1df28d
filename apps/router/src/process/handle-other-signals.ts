import type { Logger } from '../observe/logger.ts';

/**
 * Signals that would otherwise end the process, or open a debugger: SIGUSR1 makes Node listen for an inspector, which can read every secret of the
 * process. To debug a router, start it with `node --inspect`.
 */
const ignored = ['SIGUSR1', 'SIGUSR2'] as const;

/** Handles the signals that do not stop the router. At SIGHUP it reads its files again. It ignores SIGUSR1 and SIGUSR2. */
export function handleOtherSignals(process: NodeJS.Process, requestReload: () => void, logger: Logger): void {
  process.on('SIGHUP', requestReload);
  for (const signal of ignored) {
    process.on(signal, () => logger.info({ event: 'router.signal_ignored', signal }, 'ignoring a signal'));
  }
}
