import { joinSignals } from '@turn-router/deadline';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { runRouter, type RouterParts } from '../compose/run-router.ts';
import type { PrimaryLink } from './join-primary.ts';

/** Runs one of several processes that answer callers. If it fails, it reports the failure to the primary, which handles it. */
export async function runWorker(
  config: RouterConfig,
  secrets: RouterSecrets,
  parts: Omit<RouterParts, 'worker' | 'geoProofs'>,
  primary: PrimaryLink,
  stop: AbortSignal,
): Promise<void> {
  const logger = parts.logger.child({ worker: primary.number });
  using stopping = joinSignals(stop, primary.stop);
  try {
    await runRouter(
      config,
      secrets,
      { ...parts, logger, geoProofs: primary.geoProofs, worker: primary },
      stopping.signal,
      ({ publicPort }) => primary.reportListening(publicPort),
    );
  } catch (error) {
    process.exitCode = 1;
    await primary.reportFailure(error);
  }
}
