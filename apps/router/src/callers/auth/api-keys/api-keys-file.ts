import {
  FileError,
  ParseThreadError,
  parseRecordsInThread,
  watchedFile,
  type WatchedFileClock,
} from '@turn-router/settings';
import { RegistryError, type HashSource, type StoredHash } from '@turn-router/registry';
import { losesRestriction, provesItsEnd } from './cut-keys-file.ts';

/** Maximum file size, bytes. Larger files are not read. */
const fileMaxBytes = 8_388_608;

/**
 * Reads API keys from a YAML or JSON file: id → record, as `turnctl keys create` prints it. Reads the file again after a change, when the file
 * stands still. It finds changes by polling, because file notifications miss changes of bind mounts and of symbolic links.
 *
 * A file that may be cut is not used at once. If a key loses a restriction, and the text does not prove that it is whole, the router uses
 * the file only after about ten seconds without a further change.
 */
export function apiKeysFile(path: string, clock: WatchedFileClock): HashSource {
  const file = watchedFile(path, clock);
  let known: StoredHash | undefined;
  let fault: RegistryError | undefined;
  /** A text that may be cut. */
  let doubted: string | undefined;

  async function readKeys(): Promise<{ text: string; stateId: string; keys: StoredHash }> {
    try {
      const { text, stateId } = await file.readText(fileMaxBytes);
      return { text, stateId, keys: await parseKeys(path, text) };
    } catch (error) {
      if (error instanceof FileError) throw fileError(error.message, error);
      if (error instanceof ParseThreadError) throw fileError(`${path}: ${error.message}`, error);
      throw error;
    }
  }

  /** Returns false if the file must be tried again. */
  async function take(before: StoredHash): Promise<boolean> {
    try {
      const { text, keys } = await readKeys();
      fault = undefined;
      const mayBeCut = !provesItsEnd(text) && losesRestriction(before, keys);
      if (mayBeCut && doubted !== text) {
        doubted = text;
        return false;
      }
      doubted = undefined;
      known = keys;
      return true;
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      fault = error;
      return false;
    }
  }

  return {
    async readAll() {
      if (known === undefined) {
        const { keys, stateId } = await readKeys();
        file.markTaken(stateId);
        known = keys;
        return keys;
      }
      const before = known;
      await file.lookAndTake(() => take(before));
      if (fault !== undefined) throw fault;
      return known;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** An empty file is invalid. Otherwise a half-written file would revoke every key. */
async function parseKeys(path: string, text: string): Promise<StoredHash> {
  const parsed = await parseRecordsInThread(text);
  if (parsed.ok) return parsed.value;
  const [{ line, detail } = { line: 1, detail: '' }] = parsed.faults;
  throw fileError(`${path}: line ${line}: ${detail}; expected a map of ids to keys, {} for no keys`);
}

function fileError(message: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', message, { cause, fault: 'other' });
}
