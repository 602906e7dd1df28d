const newline = 0x0a;

/** Joins chunks of any size into lines, and buffers no more than one line. */
export interface LineSplitter {
  /** Returns the lines that end within this chunk, without their line feed; undefined for a line of more than `maxBytes`. */
  split(chunk: Uint8Array): readonly (string | undefined)[];
  /** Whether the last line so far lacks its line feed. */
  isWithinLine(): boolean;
}

/** Splits at line feeds only. JSON may contain U+2028, which Node's readline treats as the end of a line. */
export function createLineSplitter(maxBytes: number): LineSplitter {
  let held: Uint8Array = new Uint8Array();
  return {
    split(chunk) {
      const lines: (string | undefined)[] = [];
      const bytes = Buffer.concat([held, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
        lines.push(end - start > maxBytes ? undefined : bytes.toString('utf8', start, end));
        start = end + 1;
      }
      // One byte beyond the limit suffices to detect a line that is too long.
      held = bytes.subarray(start, start + maxBytes + 1);
      return lines;
    },
    isWithinLine: () => held.length > 0,
  };
}
