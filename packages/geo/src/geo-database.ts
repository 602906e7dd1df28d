import { GeoFileError } from './geo-file-error.ts';
import type { GeoFileInfo } from './geo-file.ts';
import type { GeoLocator } from './geo-locator.ts';
import { parsePublicAddress } from './public-address.ts';
import { openReloadingGeoFile, type ReloadingGeoFile, type ReloadingGeoFileOptions } from './reloading-geo-file.ts';

/** GeoIP files in memory. Disposing of it ends the watching. */
export interface GeoDatabase extends GeoLocator, AsyncDisposable {
  /** The files in use at this moment, in the order given. */
  readonly files: readonly GeoFileInfo[];
}

export type GeoDatabaseOptions = ReloadingGeoFileOptions & {
  /** At least one. For one address the first file that can answer its family and knows it decides. */
  readonly paths: readonly string[];
  /**
   * Milliseconds between two looks at the files; 0: never look. Default 10 000. A look costs one `stat` a file; a change costs
   * memory for both the old and the new content until the new one is proved.
   */
  readonly watchIntervalMs?: number;
};

/**
 * Opens GeoIP files and keeps them fresh. Each is read whole and proved from end to end, at start and before every swap,
 * but for bytes that `proofs` knows to be sound.
 *
 * @throws GeoFileError naming every file that cannot be used
 * @throws RangeError when `paths` is empty
 */
export async function openGeoDatabase(options: GeoDatabaseOptions): Promise<GeoDatabase> {
  const { paths, watchIntervalMs = 10_000 } = options;
  if (paths.length === 0) throw new RangeError('paths is empty: expected at least one GeoIP file');
  const opened = await Promise.allSettled(paths.map((path) => openReloadingGeoFile(path, options)));
  const files = opened.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const errors: unknown[] = opened.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
  if (errors.length > 0) throw combineErrors(errors);
  return databaseOf(files, watchIntervalMs);
}

function combineErrors(errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  const unexpected = errors.find((error) => !(error instanceof GeoFileError));
  const faults = errors.filter((error) => error instanceof GeoFileError).flatMap((error) => error.faults);
  return unexpected ?? new GeoFileError(faults, { cause: errors[0] });
}

function databaseOf(geoFiles: readonly ReloadingGeoFile[], watchIntervalMs: number): GeoDatabase {
  let look: Promise<void> | undefined;

  /** One after the other, so that a swap of all files needs the memory of one more only. */
  async function lookAtFiles(): Promise<void> {
    for (const file of geoFiles) await file.reloadIfChanged();
  }

  // Watching is no reason to keep a process alive. A look that takes longer than the interval is not doubled.
  const timer =
    watchIntervalMs > 0
      ? setInterval(() => {
          look ??= lookAtFiles().finally(() => (look = undefined));
        }, watchIntervalMs).unref()
      : undefined;

  return {
    get files() {
      return geoFiles.map(({ info }) => info());
    },
    locate(address) {
      const publicAddress = parsePublicAddress(address);
      if (publicAddress === undefined) return undefined;
      for (const file of geoFiles) {
        const place = file.locate(publicAddress);
        if (place !== undefined) return place;
      }
      return undefined;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await look;
    },
  };
}
