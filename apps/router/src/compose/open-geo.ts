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

/** @throws GeoFileError naming every file that cannot be used */
export function openGeo(paths: readonly string[], { proofs, metrics, logger }: GeoParts): Promise<GeoDatabase> {
  return openGeoDatabase({
    paths,
    proofs,
    onProof: ({ path, sizeBytes }) =>
      logger.info({ file: path, sizeBytes }, 'reading a GeoIP file from end to end: the first time takes some seconds'),
    onReload: (file) => {
      metrics.countReload('geoip', 'taken');
      logger.info({ file }, 'the changed GeoIP file is in use');
    },
    onRefused: (error) => {
      metrics.countReload('geoip', 'refused');
      logger.error({ faults: error.message.split('\n') }, 'the changed GeoIP file is refused; the one before it stays');
    },
  });
}

/** Where it is kept which GeoIP files are sound, for the next start: in a folder of its own. Where none can be written, each start reads all. */
export function openGeoProofs(
  { stateDir }: Pick<RouterConfig, 'stateDir'>,
  cacheDir: string | undefined,
  logger: Logger,
): GeoProofs {
  const parent = stateDir ?? (cacheDir === undefined ? undefined : join(cacheDir, 'turn-router'));
  let isSaid = false;
  const sayNotKept = (reason: string) => {
    if (!isSaid)
      logger.info(
        { reason },
        'cannot keep what GeoIP files are sound: the next start reads them from end to end again',
      );
    isSaid = true;
  };
  if (parent === undefined) {
    sayNotKept('neither STATE_DIR nor a home folder');
    return noProofs;
  }
  return keepProofsIn({
    directory: join(parent, 'geoip-verdicts'),
    onVerdictIgnored: (reason) =>
      logger.info({ reason }, 'a kept GeoIP verdict is not believed: the file is read from end to end again'),
    onNotKept: sayNotKept,
  });
}

/**
 * The folder of this user for what can be made again; undefined where there is no home folder.
 *
 * Source: XDG Base Directory Specification 0.8, which ignores relative paths; macOS: File System Programming Guide.
 *
 * @param home default: what the system says of this user where HOME is unset
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
    // The system does not know this user, as in a container that runs under any id.
    return undefined;
  }
}
