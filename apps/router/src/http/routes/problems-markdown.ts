import { documentedProblems } from './documented-problems.ts';

/** Renders `apps/router/docs/problems.md`, formatted as Prettier formats it. */
export function renderProblemsMarkdown(): string {
  const rows = documentedProblems().map(({ code, status, title, meaning, actor, remedy, retry }) => [
    `\`${code}\``,
    `${status}`,
    title,
    meaning,
    `${actor}. ${remedy}`,
    retry,
  ]);
  const header = ['Code', 'Status', 'Title', 'Meaning', 'Who acts, and what to do', 'Retry'];
  return `# Problem codes

An error response of the API is \`application/problem+json\` (RFC 9457). This table explains each \`code\`. A running router shows the same at
\`/docs/problems\`; the \`type\` of a response, appended to \`/docs/problems#\`, leads to its section.

\`npm run docs-tables\` writes this file from \`packages/contract/src/http/problem-codes.ts\`.

${markdownTable(header, rows)}`;
}

/** Renders a table whose columns are padded to equal width, as Prettier does. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |\n`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}
