import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FieldFault } from '@turn-router/contract/http';
import type { Environment, Settings } from './setting.ts';

/** Reads each secret whose variable `<name>_FILE` has the path of a file. Removes white space at the start and the end, such as the last line break. */
export function readSecretFiles(
  settings: Settings,
  environment: Environment,
): { environment: Environment; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const filled: Record<string, string | undefined> = { ...environment };
  for (const [name, setting] of Object.entries(settings)) {
    const field = `${name}_FILE`;
    const path = environment[field];
    if (!setting.secret || !path) continue;
    if (environment[name]) {
      faults.push({ field, detail: `Cannot be combined with ${name}: set only one of them` });
      continue;
    }
    const file = JSON.stringify(path);
    try {
      filled[name] = readSecret(path).trim();
      if (filled[name] === '')
        faults.push({ field, detail: `The file ${file} is empty: expected ${setting.expected}` });
    } catch (error) {
      const reason = error instanceof SecretFileError ? error.message : systemCode(error);
      faults.push({
        field,
        detail: `Cannot read ${file} (${reason}): expected a readable file with the value of ${name}`,
      });
    }
  }
  return { environment: filled, faults };
}

/** Maximum size of a file with one secret, bytes. */
const secretMaxBytes = 65_536;

class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

/** @throws SecretFileError, and the errors of `node:fs` */
function readSecret(path: string): string {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(file).isFile()) throw new SecretFileError('not a regular file');
    const bytes = Buffer.alloc(secretMaxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= secretMaxBytes; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > secretMaxBytes) throw new SecretFileError(`larger than ${secretMaxBytes} bytes`);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}

function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
}
