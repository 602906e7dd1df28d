import { chmodSync, writeFileSync } from 'node:fs';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';
import type { TextStream } from '../terminal.ts';

/** Only the owner can read the file, because the file contains secrets or will contain them. */
const mode = 0o600;

/** Writes the text to the file, or to `stdout` if `file` is undefined. @throws CommandFault */
export function writeConfig(text: string, file: string | undefined, stdout: TextStream): void {
  if (file === undefined) {
    stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { mode });
    // Without this call, an existing file keeps its old mode.
    chmodSync(file, mode);
  } catch (error) {
    throw new CommandFault(`${file}: cannot be written: ${systemReason(error)}`, { cause: error });
  }
}
