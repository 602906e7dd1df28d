import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createLineSplitter } from './line-splitter.ts';
import { faultFromError, systemCode, type SnapshotFault } from './snapshot-fault.ts';
import { snapshotLineMaxBytes, snapshotMaxBytes } from './snapshot-limits.ts';
import { createSnapshotParser, type ParsedSnapshot } from './snapshot-parser.ts';

/** Bytes per read. Parsing them, a few dozen records, takes well under a millisecond. */
const chunkBytes = 16_384;

/** Reads a snapshot file. Returns undefined when the file does not exist, as before the first write. Never rejects. */
export async function readSnapshotFile(path: string): Promise<ParsedSnapshot | undefined> {
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fault = await findFileFault(file);
    return fault === undefined ? await parseFile(file) : { ok: false, fault };
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : { ok: false, fault: faultFromError(error) };
  }
}

async function findFileFault(file: FileHandle): Promise<SnapshotFault | undefined> {
  const stats = await file.stat();
  if (!stats.isFile()) return { code: 'not_a_file', detail: 'expected a regular file' };
  if (stats.size > snapshotMaxBytes) return { code: 'too_large', detail: `expected at most ${snapshotMaxBytes} bytes` };
  return undefined;
}

async function parseFile(file: FileHandle): Promise<ParsedSnapshot> {
  const splitter = createLineSplitter(snapshotLineMaxBytes);
  const parser = createSnapshotParser();
  const chunks: AsyncIterable<Uint8Array> = file.createReadStream({
    highWaterMark: chunkBytes,
    end: snapshotMaxBytes,
    autoClose: false,
  });
  for await (const chunk of chunks) {
    for (const line of splitter.split(chunk)) parser.add(line);
  }
  if (splitter.isWithinLine())
    return { ok: false, fault: { code: 'truncated', detail: 'the last line is incomplete' } };
  return parser.result();
}
