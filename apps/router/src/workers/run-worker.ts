import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { runRouter, type RouterParts } from '../compose/run-router.ts';
import type { LineToPrimary } from './join-primary.ts';

/** One of several processes that answer callers. How it ends is told to the primary, which knows what to make of it. */
export async function runWorker(
  config: RouterConfig,
  secrets: RouterSecrets,
  parts: Omit<RouterParts, 'worker' | 'geoProofs'>,
  line: LineToPrimary,
  stop: AbortSignal,
): Promise<void> {
  const logger = parts.logger.child({ worker: line.number });
  try {
    await runRouter(
      config,
      secrets,
      { ...parts, logger, geoProofs: line.geoProofs, worker: line },
      AbortSignal.any([stop, line.stop]),
      ({ publicPort }) => line.sayListening(publicPort),
    );
  } catch (error) {
    process.exitCode = 1;
    await line.sayFailed(error);
  }
}
