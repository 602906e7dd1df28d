import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { keepProofsIn, noProofs, openGeoDatabase, type GeoDatabase, type GeoProofs } from '@turn-router/geo';
import type { Environment } from '@turn-router/settings';
import type { RouterConfig } from '../config/router-config.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';

type GeoParts = {
  readonly proofs: GeoProofs;
  readonly metrics: Pick<Metrics, 'countReload'>;
  readonly logger: Logger;
};

/** @throws GeoFileError that names every unusable file */
export function openGeo(paths: readonly string[], { proofs, metrics, logger }: GeoParts): Promise<GeoDatabase> {
  return openGeoDatabase({
    paths,
    proofs,
    onProof: ({ path, sizeBytes }) =>
      logger.info(
        { event: 'geoip.verifying', file: path, sizeBytes },
        'checking the whole GeoIP file: this takes some seconds, once per file',
      ),
    onReload: (file) => {
      metrics.countReload('geoip', 'taken');
      logger.info({ event: 'geoip.reloaded', file }, 'GeoIP file has changed: using the new content');
    },
    onRefused: (error) => {
      metrics.countReload('geoip', 'refused');
      logger.error(
        { event: 'geoip.refused', faults: error.message.split('\n') },
        'changed GeoIP file is unusable: keeping the previous file',
      );
    },
  });
}

/** Opens the store for the results of GeoIP file checks, in its own folder. If no folder is writable, each start checks all files again. */
export function openGeoProofs(
  { stateDir }: Pick<RouterConfig, 'stateDir'>,
  cacheDir: string | undefined,
  logger: Logger,
): GeoProofs {
  const parent = stateDir ?? (cacheDir === undefined ? undefined : join(cacheDir, 'turn-router'));
  let isLogged = false;
  const logNotKept = (reason: string) => {
    if (!isLogged)
      logger.info(
        { event: 'geoip.check_result_not_stored', reason },
        'cannot store the results of GeoIP file checks: the next start checks the files again',
      );
    isLogged = true;
  };
  if (parent === undefined) {
    logNotKept('no STATE_DIR and no home folder');
    return noProofs;
  }
  return keepProofsIn({
    directory: join(parent, 'geoip-verdicts'),
    onVerdictIgnored: (reason) =>
      logger.info(
        { event: 'geoip.check_result_ignored', reason },
        'stored result of a GeoIP file check is invalid: checking the file again',
      ),
    onNotKept: logNotKept,
  });
}

/**
 * Returns the cache folder of this user. Returns undefined if the user has no home folder.
 *
 * Source: XDG Base Directory Specification 0.8, which ignores relative paths; macOS: File System Programming Guide.
 *
 * @param home default: HOME, or the system's entry for this user if HOME is unset
 */
export function findCacheDir(
  { XDG_CACHE_HOME: given = '' }: Environment,
  platform: NodeJS.Platform,
  home: () => string = homedir,
): string | undefined {
  if (isAbsolute(given)) return given;
  try {
    return platform === 'darwin' ? join(home(), 'Library', 'Caches') : join(home(), '.cache');
  } catch {
    // The system has no entry for this user, as in a container with an arbitrary user id.
    return undefined;
  }
}
