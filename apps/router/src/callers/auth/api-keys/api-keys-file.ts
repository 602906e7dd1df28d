import { readFile, stat } from 'node:fs/promises';
import { parseYaml } from '@turn-router/settings';
import { RegistryError, type HashSource, type StoredHash } from '@turn-router/registry';
import { z } from 'zod';

/** Maximum file size, bytes. Larger files are not read. */
const fileMaxBytes = 8_388_608;

/** An empty file is invalid. Otherwise a half-written file would revoke every key. */
const fileSchema = z.record(z.string(), z.unknown());

/**
 * Reads API keys from a YAML or JSON file: id → record, as `turnctl keys create` prints it. Reads the file again after a change. It finds changes
 * by polling, because file notifications miss changes of bind mounts and of symbolic links.
 */
export function apiKeysFile(path: string): HashSource {
  let known: { readonly version: string; readonly keys: StoredHash } | undefined;
  return {
    async readAll() {
      const version = await versionOf(path);
      if (known?.version !== version) known = { version, keys: await readKeys(path) };
      return known.keys;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino, dev } = await stat(path);
    if (size > fileMaxBytes) throw fileError(path, `${size} bytes: expected at most ${fileMaxBytes}`);
    return `${dev} ${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    throw readError(path, error);
  }
}

async function readKeys(path: string): Promise<StoredHash> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  const parsed = parseYaml(text, fileSchema);
  if (!parsed.ok) {
    const [{ line, detail } = { line: 1, detail: '' }] = parsed.faults;
    throw fileError(path, `line ${line}: ${detail}; expected a map of ids to keys, {} for no keys`);
  }
  return new Map(Object.entries(parsed.value).map(([id, record]) => [id, JSON.stringify(record)]));
}

function readError(path: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
  return fileError(path, `cannot be read (${code})`, error);
}

function fileError(path: string, detail: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', `${path}: ${detail}`, { cause, fault: 'other' });
}
