/** Some lines of a configuration, and for people what they are for. */
export type ConfigPart = { readonly what: string; readonly lines: readonly string[] };

/** Longest line of a comment, characters. */
const width = 110;

/** The parts with an empty line between them, each below its comment; parts without lines are left out. */
export function configText(parts: readonly ConfigPart[]): string {
  return parts
    .filter(({ lines }) => lines.length > 0)
    .map(({ what, lines }) => [...comment(what), ...lines].map((line) => `${line}\n`).join(''))
    .join('\n');
}

/** `#` lines of whole words. */
export function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= width) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
