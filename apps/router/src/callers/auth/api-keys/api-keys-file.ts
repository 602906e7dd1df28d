import {
  FileError,
  ParseThreadError,
  parseRecordsWithoutBlocking,
  watchedFile,
  type WatchedFileClock,
} from '@turn-router/settings';
import { RegistryError, type HashSource, type StoredHash } from '@turn-router/registry';
import { isRecord, keepRestrictions, provesItsEnd, type KeptRestrictions } from './cut-keys-file.ts';

/** Maximum number of keys, as in Redis. Checking more of them would delay callers. */
const keysMax = 10_000;

/** Maximum file size, bytes. Larger files are not read. */
const fileMaxBytes = 8_388_608;

/** With more records, those of keys that are gone are forgotten. */
const recordsMax = 100_000;

/**
 * Reads API keys from a YAML or JSON file: id → record, as `turnctl keys create` prints it. Reads the file again after a change, when the file
 * stands still. It finds changes by polling, because file notifications miss changes of bind mounts and of symbolic links.
 *
 * A changed file may be cut. If a key loses a restriction, and the text does not prove that it is whole, the key keeps the restriction. All other
 * changes are used.
 *
 * @param onKept called once for each change that would have dropped restrictions
 */
export function apiKeysFile(
  path: string,
  clock: WatchedFileClock,
  onKept: (kept: readonly KeptRestrictions[]) => void,
): HashSource {
  const file = watchedFile(path, clock);
  let known: StoredHash | undefined;
  /** The last record of each key, also of keys that are gone. */
  let records: StoredHash = new Map();
  let fault: RegistryError | undefined;

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
  async function take(): Promise<boolean> {
    try {
      const { text, keys } = await readKeys();
      fault = undefined;
      const { keys: restricted, kept } = provesItsEnd(text) ? { keys, kept: [] } : keepRestrictions(records, keys);
      known = restricted;
      const readable = [...restricted].filter(([, record]) => isRecord(record));
      records = new Map([...(records.size > recordsMax ? [] : records), ...readable]);
      if (kept.length > 0) onKept(kept);
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
        records = keys;
        return keys;
      }
      await file.settleAndTake(take);
      if (fault !== undefined) throw fault;
      return known;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** An empty file is invalid. Otherwise a half-written file would revoke every key. */
async function parseKeys(path: string, text: string): Promise<StoredHash> {
  const parsed = await parseRecordsWithoutBlocking(text);
  if (parsed.ok && parsed.value.size > keysMax) {
    throw fileError(`${path}: ${parsed.value.size} keys: expected at most ${keysMax}`);
  }
  if (parsed.ok) return parsed.value;
  const [{ line, detail } = { line: 1, detail: '' }] = parsed.faults;
  throw fileError(`${path}: line ${line}: ${detail}; expected a map of ids to keys, {} for no keys`);
}

function fileError(message: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', message, { cause, fault: 'other' });
}
