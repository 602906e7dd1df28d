import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectory, syncDirectory } from '../durable-file/replace-file.ts';
import { RegistryError } from '../registry-error.ts';
import { auditEventText } from './audit-event-text.ts';
import { createAuditIds } from './audit-ids.ts';
import type { AuditLog } from './audit-log.ts';
import { createAuditStates, heldFrom } from './audit-states.ts';
import { auditLine, parseAuditLine } from './audit-line.ts';
import { createNewestEntries } from './newest-entries.ts';

/**
 * Creates the audit log of a router without Redis: a file of JSON lines with a single writer. Each entry opens the file anew for appending,
 * so log rotation may move it at any time. A query reads the whole file, at about 100 MB a second.
 *
 * @param nowMs Unix time
 */
export function createFileAuditLog(path: string, nowMs: () => number): AuditLog {
  const ids = createAuditIds(nowMs);
  const states = createAuditStates(nowMs);
  let resumed: Promise<void> | undefined;
  let work: Promise<unknown> = Promise.resolve();

  /** Restores the last id and the states of the previous process. */
  async function resume(): Promise<void> {
    for await (const line of linesOf(path)) {
      const { parsed, held } = parseAuditLine(line);
      if (parsed.ok) ids.follow(parsed.entry.id);
      if (held !== undefined) states.resume(held);
    }
  }

  /** Runs tasks one after the other. A failed task does not stop the next one. */
  function runInOrder<T>(task: () => Promise<T>): Promise<T> {
    const result = work.then(task).catch((error: unknown) => {
      throw isSystemError(error) ? registryErrorFromFile(path, error) : error;
    });
    work = result.catch(() => undefined);
    return result;
  }

  return {
    append: (event, state) =>
      runInOrder(async () => {
        const text = auditEventText(event);
        resumed ??= resume();
        await resumed.catch((error: unknown) => {
          resumed = undefined;
          throw error;
        });
        if (state !== undefined && states.isRepeated(state)) return false;
        const held = state === undefined ? undefined : heldFrom(state, nowMs());
        await appendLine(path, auditLine(ids.next(), text, held));
        if (state !== undefined) states.hold(state);
        return true;
      }),
    read: (query) =>
      runInOrder(async () => {
        const newest = createNewestEntries(query);
        for await (const line of linesOf(path)) {
          const { parsed } = parseAuditLine(line);
          if (parsed.ok) newest.add(parsed.entry);
          else newest.reject();
        }
        return newest.reading();
      }),
    async [Symbol.asyncDispose]() {
      await work;
    },
  };
}

/** Yields the lines of a file, or none when the file does not exist. */
async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    await using file = await open(path, 'r');
    for await (const line of file.readLines({ autoClose: false })) if (line !== '') yield line;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
}

/** Appends a line and syncs it to disk. After a crash the file may end within a line, so the new entry then starts on its own line. */
async function appendLine(path: string, line: string): Promise<void> {
  await makeDirectory(dirname(path));
  await using file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  const last = Buffer.alloc(1, '\n');
  if (size > 0) await file.read(last, 0, 1, size - 1);
  await file.appendFile(`${last.toString() === '\n' ? '' : '\n'}${line}\n`);
  await file.sync();
  // The name of a new file is on disk only after this.
  if (size === 0) await syncDirectory(dirname(path));
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
}

function registryErrorFromFile(path: string, cause: NodeJS.ErrnoException): RegistryError {
  return new RegistryError('unavailable', `${path}: cannot be read or written (${cause.code})`, {
    cause,
    fault: 'other',
  });
}
