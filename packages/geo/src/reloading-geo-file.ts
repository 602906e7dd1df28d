import { lookAtFile, watchedFile } from '@turn-router/settings';
import { type GeoFile, type GeoFileInfo, type GeoFileOptions, loadGeoFile } from './geo-file.ts';
import { GeoFileError } from './geo-file-error.ts';
import type { Place } from './place.ts';
import type { PublicAddress } from './public-address.ts';
import { systemErrorCode } from './system-error-code.ts';

/** Events of a file in use. The functions must not throw. */
export type GeoFileEvents = {
  /** A changed file was verified and is now in use. */
  readonly onReload?: (info: GeoFileInfo) => void;
  /**
   * A changed file was rejected and the previous content stays in use, or a lookup failed. A failed lookup is reported once for each
   * loaded file.
   */
  readonly onRefused?: (error: GeoFileError) => void;
};

export type ReloadingGeoFileOptions = GeoFileEvents & GeoFileOptions;

/** A file that is reloaded when it changes. It keeps the last valid content. */
export type ReloadingGeoFile = {
  readonly info: () => GeoFileInfo;
  readonly locate: (address: PublicAddress) => Place | undefined;
  /**
   * Looks at the file once. Reloads the file if it has changed, and has not changed again since the look before. A file that cannot be read for
   * a while, for example without file descriptors, is tried again later.
   */
  readonly reloadIfChanged: () => Promise<void>;
};

/** @throws GeoFileError */
export async function openReloadingGeoFile(path: string, options: ReloadingGeoFileOptions): Promise<ReloadingGeoFile> {
  const watched = watchedFile(path, { nowMs: Date.now });
  const { id } = await lookAtFile(path);
  let file = await loadGeoFile(path, options);
  watched.markTaken(id);
  let refusedBefore: string | undefined;
  let hasFailed = false;

  function take(next: GeoFile): void {
    const lost = file.info.families.filter((family) => !next.info.families.includes(family));
    if (lost.length > 0) {
      refuse(
        `lacks ${lost.join(' and ')} addresses, which the present file has: keeping the present file; restart to use the new file`,
      );
      return;
    }
    file = next;
    hasFailed = false;
    refusedBefore = undefined;
    options.onReload?.(file.info);
  }

  function refuse(problem: string, cause?: unknown): void {
    options.onRefused?.(new GeoFileError([{ path, problem }], { cause }));
  }

  /** Returns false if the file must be tried again. */
  async function load(isStill: () => Promise<boolean>): Promise<boolean> {
    try {
      const next = await loadGeoFile(path, options);
      if (!(await isStill())) return false;
      take(next);
      return true;
    } catch (error) {
      if (!(error instanceof GeoFileError)) throw error;
      if (error.message !== refusedBefore) options.onRefused?.(error);
      refusedBefore = error.message;
      return systemErrorCode(error.cause) === undefined;
    }
  }

  return {
    info: () => file.info,
    locate({ family, text }) {
      if (!file.info.families.includes(family)) return undefined;
      try {
        return file.lookUp(text);
      } catch (cause) {
        if (!hasFailed) refuse('failed to answer a lookup: treating the address as unknown', cause);
        hasFailed = true;
        return undefined;
      }
    },
    reloadIfChanged: () => watched.lookAndTake(load),
  };
}
