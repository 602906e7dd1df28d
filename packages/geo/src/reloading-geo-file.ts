import { stat } from 'node:fs/promises';
import { type GeoFile, type GeoFileOptions, loadGeoFile } from './geo-file.ts';
import { GeoFileError } from './geo-file-error.ts';
import type { GeoFileInfo } from './geo-file-info.ts';
import type { Place } from './place.ts';
import type { PublicAddress } from './public-address.ts';

/** What becomes of a file while it is in use. The functions must not throw. */
export type GeoFileEvents = {
  /** A changed file was read, proved and taken. */
  onReload?: (info: GeoFileInfo) => void;
  /** A changed file was not taken, and the one before stays; or a lookup failed, told once for each file taken. */
  onRefused?: (error: GeoFileError) => void;
};

export type ReloadingGeoFileOptions = GeoFileEvents & GeoFileOptions;

/** The last good content of one path. */
export class ReloadingGeoFile {
  readonly #path: string;
  readonly #options: ReloadingGeoFileOptions;
  #file: GeoFile;
  #state: string;
  #failed = false;

  private constructor(path: string, options: ReloadingGeoFileOptions, file: GeoFile, state: string) {
    this.#path = path;
    this.#options = options;
    this.#file = file;
    this.#state = state;
  }

  /** @throws GeoFileError */
  static async open(path: string, options: ReloadingGeoFileOptions): Promise<ReloadingGeoFile> {
    const state = await fileState(path);
    return new ReloadingGeoFile(path, options, await loadGeoFile(path, options), state);
  }

  get info(): GeoFileInfo {
    return this.#file.info;
  }

  locate({ family, text }: PublicAddress): Place | undefined {
    if (!this.info.families.includes(family)) return undefined;
    try {
      return this.#file.lookUp(text);
    } catch (cause) {
      if (!this.#failed) this.#refuse('failed to answer a lookup, which counts as unknown', cause);
      this.#failed = true;
      return undefined;
    }
  }

  /** Takes the file anew if it is another than at the last call. A file still being written is another at the next call. */
  async reloadIfChanged(): Promise<void> {
    const state = await fileState(this.#path);
    if (state === this.#state) return;
    this.#state = state;
    try {
      this.#take(await loadGeoFile(this.#path, this.#options));
    } catch (error) {
      if (!(error instanceof GeoFileError)) throw error;
      this.#options.onRefused?.(error);
    }
  }

  #take(file: GeoFile): void {
    const lost = this.info.families.filter((family) => !file.info.families.includes(family));
    if (lost.length > 0) {
      this.#refuse(
        `does not answer ${lost.join(' and ')} addresses, as the file in use does; start anew to take it all the same`,
      );
      return;
    }
    this.#file = file;
    this.#failed = false;
    this.#options.onReload?.(file.info);
  }

  #refuse(problem: string, cause?: unknown): void {
    this.#options.onRefused?.(new GeoFileError([{ path: this.#path, problem }], { cause }));
  }
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
