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
        { event: 'geoip.verdict_not_kept', reason },
        'cannot keep GeoIP verdicts: the next start verifies the files again',
      );
    isSaid = true;
  };
  if (parent === undefined) {
    sayNotKept('neither STATE_DIR nor a home folder');
    return noProofs;
  }
  return keepProofsIn({
    directory: join(parent, 'geoip-verdicts'),
    onDisbelieved: (reason) =>
      logger.info(
        { event: 'geoip.verdict_ignored', reason },
        'ignoring invalid kept GeoIP verdict: verifying the file again',
      ),
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
