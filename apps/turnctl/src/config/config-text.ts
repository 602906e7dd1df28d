/** Some lines of a configuration, and a comment that explains them. */
export type ConfigPart = { readonly what: string; readonly lines: readonly string[] };

/** Maximum line length of a comment, characters. */
const width = 110;

/** Writes each part below its comment, with an empty line between parts. Skips parts without lines. */
export function configText(parts: readonly ConfigPart[]): string {
  return parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ what, lines }) => [...comment(what), ...lines].map((line) => `${line}\n`).join(''))
    .join('\n');
}

/** Breaks a text into comment lines that begin with `#`. */
export function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
