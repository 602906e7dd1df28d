import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RegistryError } from '../registry-error.ts';
import { auditEventText } from './audit-event-text.ts';
import { createAuditIds } from './audit-ids.ts';
import type { AuditLog } from './audit-log.ts';
import { createAuditStates, heldFrom } from './audit-states.ts';
import { auditLine, parseAuditLine } from './audit-line.ts';
import { createNewestEntries } from './newest-entries.ts';

/**
 * The audit log of a router without Redis: a file of JSON lines that is opened for appending only, for each entry, so that it may be moved
 * away at any time. One process writes to it. A query goes through the whole file, at about 100 MB a second.
 *
 * @param nowMs Unix time
 */
export function createFileAuditLog(path: string, nowMs: () => number): AuditLog {
  const ids = createAuditIds(nowMs);
  const states = createAuditStates(nowMs);
  let resumed: Promise<void> | undefined;
  let work: Promise<unknown> = Promise.resolve();

  /** Goes on where the process before has ended. */
  async function resume(): Promise<void> {
    for await (const line of linesOf(path)) {
      const { parsed, held } = parseAuditLine(line);
      if (parsed.ok) ids.follow(parsed.entry.id);
      if (held !== undefined) states.resume(held);
    }
  }

  /** One after the other, whatever became of the one before. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = work.then(task).catch((error: unknown) => {
      throw isSystemError(error) ? unusable(path, error) : error;
    });
    work = turn.catch(() => undefined);
    return turn;
  }

  return {
    append: (event, state) =>
      inTurn(async () => {
        const text = auditEventText(event);
        resumed ??= resume();
        await resumed.catch((error: unknown) => {
          resumed = undefined;
          throw error;
        });
        if (state !== undefined && states.isHeld(state)) return false;
        const held = state === undefined ? undefined : heldFrom(state, nowMs());
        await appendLine(path, auditLine(ids.next(), text, held));
        if (state !== undefined) states.hold(state);
        return true;
      }),
    read: (query) =>
      inTurn(async () => {
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

/** The lines of a file; none of one that is not there. */
async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    await using file = await open(path, 'r');
    for await (const line of file.readLines({ autoClose: false })) if (line !== '') yield line;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
}

/** On disk when it settles. A crash may have left half a line at the end, which must not swallow the next. */
async function appendLine(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  const last = Buffer.alloc(1, '\n');
  if (size > 0) await file.read(last, 0, 1, size - 1);
  await file.appendFile(`${last.toString() === '\n' ? '' : '\n'}${line}\n`);
  await file.sync();
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'code' in error && 'syscall' in error;
}

function unusable(path: string, error: NodeJS.ErrnoException): RegistryError {
  return new RegistryError('unavailable', `${path}: cannot be used (${error.code})`, { cause: error, fault: 'other' });
}
