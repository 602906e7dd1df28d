import { stat } from 'node:fs/promises';
import { type GeoFile, type GeoFileInfo, type GeoFileOptions, loadGeoFile } from './geo-file.ts';
import { GeoFileError } from './geo-file-error.ts';
import type { Place } from './place.ts';
import type { PublicAddress } from './public-address.ts';

/** What becomes of a file while it is in use. The functions must not throw. */
export type GeoFileEvents = {
  /** A changed file was read, proved and taken. */
  readonly onReload?: (info: GeoFileInfo) => void;
  /** A changed file was not taken, and the one before stays; or a lookup failed, told once for each file taken. */
  readonly onRefused?: (error: GeoFileError) => void;
};

export type ReloadingGeoFileOptions = GeoFileEvents & GeoFileOptions;

/** The last good content of one path. */
export type ReloadingGeoFile = {
  readonly info: () => GeoFileInfo;
  readonly locate: (address: PublicAddress) => Place | undefined;
  /** Takes the file anew if it is another than at the last call. A file still being written is another at the next call. */
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
        `does not answer ${lost.join(' and ')} addresses, as the file in use does; start anew to take it all the same`,
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
        if (!hasFailed) refuse('failed to answer a lookup, which counts as unknown', cause);
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

/** Differs when the path leads to another file (rename, symbolic link) or the file was written to. */
async function fileState(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(':');
  } catch {
    return 'unreadable';
  }
}
