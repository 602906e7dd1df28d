import { joinLines, type Text } from './text.ts';

/** Returns the comments of a YAML file or a Dockerfile: one text for each run of lines that begin with `#`. */
export function textsOfHashComments(source: string): Text[] {
  const runs: { line: number; lines: string[] }[] = [];
  let wasComment = false;
  for (const [index, line] of source.split('\n').entries()) {
    const comment = /^\s*#+\s?(.*)$/.exec(line)?.[1]?.trim();
    const last = runs.at(-1);
    if (comment !== undefined && comment !== '') {
      if (wasComment && last !== undefined) last.lines.push(comment);
      else runs.push({ line: index + 1, lines: [comment] });
    }
    wasComment = comment !== undefined && comment !== '';
  }
  return runs.map(({ line, lines }) => ({ kind: 'comment', line, words: joinLines(lines.join(' ')) }));
}
