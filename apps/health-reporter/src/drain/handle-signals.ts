import type { Logger } from '../logger.ts';
import { ignoreSignals } from './ignore-signals.ts';
import type { ModeControl } from './requested-mode.ts';

/** Handles the signals of the process. SIGTERM and SIGINT stop the node. A second one stops the node at once. SIGUSR2 cancels the stop. Others are ignored. */
export function handleSignals(process: NodeJS.Process, modeControl: ModeControl, logger: Logger): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => modeControl.stop());
  ignoreSignals(process, ['SIGHUP', 'SIGUSR1'], logger);
  process.on('SIGUSR2', () => {
    if (modeControl.cancelStop()) return;
    logger.info(
      { event: 'drain.cancel_ignored' },
      'ignoring SIGUSR2: no stop is in progress, because no SIGTERM or SIGINT came before',
    );
  });
}
