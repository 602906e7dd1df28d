import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { lookAtFile, stateFromStats, systemCode } from './file-state.ts';

/** A file cannot be used as it is. The message names the path, the problem and what is expected. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** The file is written, or replaced, at this moment. */
export class FileChangingError extends FileError {}

/**
 * Reads a text file. It asks the size before it reads, and it returns the text only if nobody changed or replaced the file meanwhile.
 *
 * @param stateId the state that a look at the file saw; the file must still have this state
 * @throws FileError, FileChangingError
 */
export async function readTextFile(path: string, maxBytes: number, stateId: string): Promise<string> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw new FileError(`${path}: expected a regular file`);
    if (stats.size > maxBytes) throw new FileError(`${path}: ${stats.size} bytes: expected at most ${maxBytes}`);
    const bytes = await readBytes(file, Number(stats.size));
    const states = [stats, await file.stat({ bigint: true })].map((each) => stateFromStats(each).id);
    states.push((await lookAtFile(path)).id);
    if (bytes === undefined || states.some((each) => each !== stateId)) {
      throw new FileChangingError(`${path}: changes while it is read`);
    }
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`${path}: cannot be read (${systemCode(error)})`, { cause: error });
  }
}

/** Returns undefined if the file is shorter or longer than `size`. */
async function readBytes(file: FileHandle, size: number): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(bytes, length, size + 1 - length, length);
    length += bytesRead;
    if (length > size) return undefined;
    if (bytesRead === 0) return length === size ? bytes.subarray(0, size) : undefined;
  }
}
