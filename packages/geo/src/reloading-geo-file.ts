import { stat } from 'node:fs/promises';
import { type GeoFile, type GeoFileInfo, type GeoFileOptions, loadGeoFile } from './geo-file.ts';
import { GeoFileError } from './geo-file-error.ts';
import type { Place } from './place.ts';
import type { PublicAddress } from './public-address.ts';

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
   * Reloads the file if it has changed since the last call. If the file is still being written, it changes again, and the next call
   * reloads it again.
   */
  readonly reloadIfChanged: () => Promise<void>;
};

/** @throws GeoFileError */
export async function openReloadingGeoFile(path: string, options: ReloadingGeoFileOptions): Promise<ReloadingGeoFile> {
  let state = await fileState(path);
  let file = await loadGeoFile(path, options);
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
    options.onReload?.(file.info);
  }

  function refuse(problem: string, cause?: unknown): void {
    options.onRefused?.(new GeoFileError([{ path, problem }], { cause }));
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
    async reloadIfChanged() {
      const stateNow = await fileState(path);
      if (stateNow === state) return;
      state = stateNow;
      try {
        take(await loadGeoFile(path, options));
      } catch (error) {
        if (!(error instanceof GeoFileError)) throw error;
        options.onRefused?.(error);
      }
    },
  };
}

/** Returns a text that changes if the path leads to another file (rename, symbolic link) or the file was written to. */
async function fileState(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(':');
  } catch {
    return 'unreadable';
  }
}
