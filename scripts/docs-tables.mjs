// The documentation tables that come from the code. Needs a built router and contract.
import { reporterEvents, routerEvents } from '../packages/contract/dist/events/index.js';
import { documentedProblems } from '../apps/router/dist/http/routes/documented-problems.js';

/** @type {readonly {file: string, render: () => string}[]} each file, relative to the root of the repository, and its whole text */
export const docsTables = [
  { file: 'apps/router/docs/problems.md', render: problemCodes },
  { file: 'apps/router/docs/events.md', render: logEvents },
];

function problemCodes() {
  const rows = documentedProblems().map(({ code, status, title, meaning, actor, remedy, retry }) => [
    `\`${code}\``,
    `${status}`,
    title,
    meaning,
    `${actor}. ${remedy}`,
    retry,
  ]);
  return `# Problem codes

An error response of the API is \`application/problem+json\` (RFC 9457). This table explains each \`code\`. The public listener of a router shows the same at
\`/docs/problems\`. To open the section of a code there, append the \`type\` of the response to \`/docs/problems#\`.

\`npm run docs-tables\` writes this file from \`packages/contract/src/http/problem-codes.ts\`.

${markdownTable(['Code', 'Status', 'Title', 'Meaning', 'Who acts, and what to do', 'Retry'], rows)}`;
}

function logEvents() {
  return `# Log events

Router and health-reporter write one JSON object per line to stdout. The field \`event\` names what happened. A released name keeps its meaning;
the text in \`msg\` may change. Use \`event\` in searches and alerts, for example \`jq 'select(.event == "registry.unreachable")'\`.

\`npm run docs-tables\` writes this file from \`packages/contract/src/events\`.

## Router

${eventTable(routerEvents)}
## Health-reporter

${eventTable(reporterEvents)}`;
}

/** @param {Readonly<Record<string, import('../packages/contract/dist/events/index.js').EventMeaning>>} events */
function eventTable(events) {
  const rows = Object.entries(events)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { levels, meaning, remedy }]) => [`\`${name}\``, levels.join(', '), meaning, remedy]);
  return markdownTable(['Event', 'Level', 'Meaning', 'What to do'], rows);
}

/**
 * Renders a table whose columns are padded to equal width, as oxfmt does.
 *
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function markdownTable(header, rows) {
  const cells = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = header.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |\n`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}
