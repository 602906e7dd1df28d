const newline = 0x0a;

/** Puts lines together from chunks that are cut anywhere, and holds no more than one line in between. */
export interface LineSplitter {
  /** The lines that end within this chunk, without their line feed; undefined for one of more than `maxBytes`. */
  split(chunk: Uint8Array): readonly (string | undefined)[];
  /** Whether something came after the last line feed. */
  isWithinLine(): boolean;
}

/** Only a line feed ends a line: JSON may hold U+2028, which Node's readline takes for an end. */
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
      // One byte more than a line may have is enough to know that it is too long.
      held = bytes.subarray(start, start + maxBytes + 1);
      return lines;
    },
    isWithinLine: () => held.length > 0,
  };
}
