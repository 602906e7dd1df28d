import { GeoFileError } from './geo-file-error.ts';
import type { GeoFileInfo } from './geo-file-info.ts';
import type { GeoLocator } from './geo-locator.ts';
import type { Place } from './place.ts';
import { parsePublicAddress } from './public-address.ts';
import { ReloadingGeoFile, type ReloadingGeoFileOptions } from './reloading-geo-file.ts';

/** GeoIP files in memory. Disposing of it ends the watching. */
export interface GeoDatabase extends GeoLocator, AsyncDisposable {
  /** The files in use at this moment, in the order given. */
  readonly files: readonly GeoFileInfo[];
}

export type GeoDatabaseOptions = ReloadingGeoFileOptions & {
  /** At least one. For one address the first file that can answer its family and knows it decides. */
  paths: readonly string[];
  /**
   * Milliseconds between two looks at the files; 0: never look. Default 10 000. A look costs one `stat` a file; a change costs
   * memory for both the old and the new content until the new one is proved.
   */
  watchIntervalMs?: number;
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
  const opened = await Promise.allSettled(paths.map((path) => ReloadingGeoFile.open(path, options)));
  const files = opened.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  const errors: unknown[] = opened.filter((result) => result.status === 'rejected').map(({ reason }) => reason);
  if (errors.length > 0) throw combineErrors(errors);
  return new ReloadingGeoDatabase(files, watchIntervalMs);
}

function combineErrors(errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  const unexpected = errors.find((error) => !(error instanceof GeoFileError));
  const faults = errors.filter((error) => error instanceof GeoFileError).flatMap((error) => error.faults);
  return unexpected ?? new GeoFileError(faults, { cause: errors[0] });
}

class ReloadingGeoDatabase implements GeoDatabase {
  readonly #files: readonly ReloadingGeoFile[];
  readonly #timer: NodeJS.Timeout | undefined;
  #look: Promise<void> | undefined;

  constructor(files: readonly ReloadingGeoFile[], watchIntervalMs: number) {
    this.#files = files;
    // Watching is no reason to keep a process alive. A look that takes longer than the interval is not doubled.
    if (watchIntervalMs > 0) {
      this.#timer = setInterval(() => {
        this.#look ??= this.#lookAtFiles().finally(() => (this.#look = undefined));
      }, watchIntervalMs).unref();
    }
  }

  get files(): readonly GeoFileInfo[] {
    return this.#files.map(({ info }) => info);
  }

  locate(address: string): Place | undefined {
    const publicAddress = parsePublicAddress(address);
    if (publicAddress === undefined) return undefined;
    for (const file of this.#files) {
      const place = file.locate(publicAddress);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#look;
  }

  /** One after the other, so that a swap of all files needs the memory of one more only. */
  async #lookAtFiles(): Promise<void> {
    for (const file of this.#files) await file.reloadIfChanged();
  }
}
