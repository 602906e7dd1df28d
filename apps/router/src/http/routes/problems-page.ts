import { documentedProblems, type DocumentedProblem } from './documented-problems.ts';

const style = `
      body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; color: #222; background: #fff; }
      h2 { margin: 0 0 0.5rem; font-size: 1.1rem; }
      section { padding: 1rem; border-top: 1px solid #ccc; }
      section:target { background: #fff6d6; }
      dl { display: grid; grid-template-columns: 6rem 1fr; gap: 0.25rem 1rem; margin: 0; }
      dt { color: #555; }
      dd { margin: 0; }
      code { font-size: 0.95em; overflow-wrap: anywhere; }
      nav ul { columns: 14rem; padding-left: 1.2rem; }`;

/** Renders `GET /docs/problems`. The id of each section is the `type` URI of the problem, so that `/docs/problems#<type>` opens the section. */
export function renderProblemsPage(documented: readonly DocumentedProblem[] = documentedProblems()): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>turn-router problem codes</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <style>${style}
    </style>
  </head>
  <body>
    <h1>Problem codes</h1>
    <p>
      An error response of the API is <code>application/problem+json</code> (RFC 9457).
      This page explains each <code>code</code>. To open the section of a code, append the <code>type</code> of the response to <code>/docs/problems#</code>. <a href="/docs">Back to the API</a>
    </p>
    <nav>
      <ul>
${documented.map(({ code, type }) => `        <li><a href="#${escapeHtml(type)}"><code>${escapeHtml(code)}</code></a></li>\n`).join('')}      </ul>
    </nav>
${documented.map(renderSection).join('')}  </body>
</html>
`;
}

function renderSection({ code, type, status, title, meaning, actor, remedy, retry }: DocumentedProblem): string {
  return `    <section id="${escapeHtml(type)}">
      <h2>${htmlFrom(title)}</h2>
      <dl>
        <dt>Code</dt>
        <dd><code>${escapeHtml(code)}</code></dd>
        <dt>Status</dt>
        <dd>${status}</dd>
        <dt>Meaning</dt>
        <dd>${htmlFrom(meaning)}</dd>
        <dt>Who acts</dt>
        <dd>${htmlFrom(actor)}</dd>
        <dt>What to do</dt>
        <dd>${htmlFrom(remedy)}</dd>
        <dt>Retry</dt>
        <dd>${htmlFrom(retry)}</dd>
      </dl>
    </section>
`;
}

/** Escapes a text and turns its backquoted literals into `<code>`. */
function htmlFrom(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
