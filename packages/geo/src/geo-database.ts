import { setTimeout as delay } from 'node:timers/promises';
import { GeoFileError } from './geo-file-error.ts';
import type { GeoFileInfo } from './geo-file.ts';
import type { GeoLocator } from './geo-locator.ts';
import { parsePublicAddress } from './public-address.ts';
import { openReloadingGeoFile, type ReloadingGeoFile, type ReloadingGeoFileOptions } from './reloading-geo-file.ts';

/** Time between the two looks of a requested check, ms. */
const settleMs = 500;

/** GeoIP files in memory. Disposing ends the checks for changed files. */
export interface GeoDatabase extends GeoLocator, AsyncDisposable {
  /** The files in use at this moment, in the order given. */
  readonly files: readonly GeoFileInfo[];
  /** Checks for changed files now. Settles when each changed file that stands still is in use or refused. */
  readonly reload: () => Promise<void>;
}

export type GeoDatabaseOptions = ReloadingGeoFileOptions & {
  /** At least one path. Of the files that cover an address's family, the first one that contains the address answers. */
  readonly paths: readonly string[];
  /**
   * Time between two checks for changed files, ms; 0: never check. Default 10 000. A check costs one `stat` for each file. While a changed
   * file is verified, both the old and the new content are in memory.
   */
  readonly watchIntervalMs?: number;
};

/**
 * Opens GeoIP files and reloads them when they change. At start it reads each file completely and verifies it. It does the same with a
 * changed file before it uses the file. Files whose bytes have a stored check result in `proofs` are not verified again.
 *
 * @throws GeoFileError with the faults of all files that cannot be used
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
  let check: Promise<void> | undefined;

  /** Checks one file after the other, so replacing all files needs the memory of only one more file. */
  async function checkFiles(): Promise<void> {
    for (const file of geoFiles) await file.reloadIfChanged();
  }

  async function reload(): Promise<void> {
    // A check in progress may have passed the changed file already.
    await check;
    await startCheck();
    // A changed file is read when two looks see the same state.
    await delay(settleMs);
    await startCheck();
  }

  function startCheck(): Promise<void> {
    check ??= checkFiles().finally(() => (check = undefined));
    return check;
  }

  // The timer must not keep the process alive. Checks that take longer than the interval do not overlap.
  const timer = watchIntervalMs > 0 ? setInterval(() => void startCheck(), watchIntervalMs).unref() : undefined;

  return {
    get files() {
      return geoFiles.map(({ info }) => info());
    },
    reload,
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
      await check;
    },
  };
}
