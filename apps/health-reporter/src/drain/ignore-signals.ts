import type { Logger } from '../logger.ts';

/**
 * Ignores signals that would otherwise end the process. SIGUSR1 would open a debugger, which can read every secret of the process. To debug the
 * program, start it with `node --inspect`.
 */
export function ignoreSignals(
  process: NodeJS.Process,
  signals: readonly ('SIGHUP' | 'SIGUSR1' | 'SIGUSR2')[],
  logger: Logger,
): void {
  for (const signal of signals) {
    process.on(signal, () =>
      logger.info(
        { event: 'reporter.signal_ignored', signal },
        'ignoring a signal: the settings and the fleet file are read only at the start',
      ),
    );
  }
}
