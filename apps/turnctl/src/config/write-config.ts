import { chmodSync, writeFileSync } from 'node:fs';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';
import type { TextStream } from '../terminal.ts';

/** Readable for its owner alone, as it may hold secrets, or come to hold them. */
const mode = 0o600;

/** To the file, or to `stdout` where none is named. @throws CommandFault */
export function writeConfig(text: string, file: string | undefined, stdout: TextStream): void {
  if (file === undefined) {
    stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { mode });
    // A file that was there keeps its mode otherwise.
    chmodSync(file, mode);
  } catch (error) {
    throw new CommandFault(`${file}: cannot be written: ${systemReason(error)}`, { cause: error });
  }
}
