import type { Logger } from '../logger.ts';
import { ignoreSignals } from './ignore-signals.ts';
import type { ModeControl } from './requested-mode.ts';

export type SignalOptions = {
  /** Whether SIGTERM means that the node leaves permanently. Otherwise the reporter hands the node over to its next run. */
  readonly drainOnSigterm: boolean;
};

/**
 * Handles the signals of the process. SIGTERM hands the node over, or stops it. SIGINT stops the node. A second signal stops the node at once. SIGUSR2
 * cancels the stop. Others are ignored.
 */
export function handleSignals(
  process: NodeJS.Process,
  modeControl: ModeControl,
  { drainOnSigterm }: SignalOptions,
  logger: Logger,
): void {
  process.on('SIGTERM', drainOnSigterm ? modeControl.stop : modeControl.handOver);
  process.on('SIGINT', modeControl.stop);
  ignoreSignals(process, ['SIGHUP', 'SIGUSR1'], logger);
  process.on('SIGUSR2', () => {
    if (modeControl.cancelStop()) return;
    logger.info(
      { event: 'drain.cancel_ignored' },
      'ignoring SIGUSR2: no stop is in progress, because no signal to stop came before',
    );
  });
}
