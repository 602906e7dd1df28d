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

/** @throws GeoFileError naming every unusable file */
export function openGeo(paths: readonly string[], { proofs, metrics, logger }: GeoParts): Promise<GeoDatabase> {
  return openGeoDatabase({
    paths,
    proofs,
    onProof: ({ path, sizeBytes }) =>
      logger.info(
        { event: 'geoip.verifying', file: path, sizeBytes },
        'verifying the whole GeoIP file: takes some seconds once per file',
      ),
    onReload: (file) => {
      metrics.countReload('geoip', 'taken');
      logger.info({ event: 'geoip.reloaded', file }, 'changed GeoIP file in use');
    },
    onRefused: (error) => {
      metrics.countReload('geoip', 'refused');
      logger.error(
        { event: 'geoip.refused', faults: error.message.split('\n') },
        'changed GeoIP file refused: keeping the previous file',
      );
    },
  });
}

/** Opens the store of verdicts about GeoIP files, in its own folder. Without a writable folder each start verifies all files again. */
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
        { event: 'geoip.verdict_not_kept', reason },
        'cannot keep GeoIP verdicts: the next start verifies the files again',
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
        { event: 'geoip.verdict_ignored', reason },
        'ignoring invalid kept GeoIP verdict: verifying the file again',
      ),
    onNotKept: logNotKept,
  });
}

/**
 * Returns the cache folder of this user; undefined if there is no home folder.
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
    // The system does not know this user, as in a container with an arbitrary user id.
    return undefined;
  }
}
