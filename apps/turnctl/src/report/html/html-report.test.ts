import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { calmResult, failedClaim, holdingClaim, spillingResult } from '../simulation-result.fixture.ts';
import { htmlReport } from './html-report.ts';

const page = htmlReport([calmResult({ claims: [holdingClaim, failedClaim] }), spillingResult()], 'npm run it');

describe('the HTML report', () => {
  test('escapes the texts of a scenario', () => {
    const hostile = '</title><script>alert(1)</script><img src=x onerror="alert(2)">';
    const calm = calmResult({ description: hostile });
    const text = htmlReport([{ ...calm, scenario: { ...calm.scenario, title: hostile } }], `echo '${hostile}'`);
    expect(text).not.toMatch(/<script|<img/);
    expect(text.match(/&#x3C;script>/g)).toHaveLength(4);
  });

  test('loads no resources and runs no scripts', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|\bsrc=|\bstyle="|\bon\w+="/);
    expect(page.match(/https?:\/\/[^"\s]+/g)?.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual(
      [],
    );
  });

  test('allows only its style sheet, identified by a hash', () => {
    const sheet = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(sheet).digest('base64');
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
    expect(page.replaceAll('&#x27;', "'")).toContain(`<meta http-equiv="Content-Security-Policy" content="${policy}">`);
    expect(page.match(/<style/g)).toHaveLength(1);
  });

  test('shows the results of the claims, a link to each scenario, and the command that reproduces the page', () => {
    expect(page).toContain('1 of 3 claims is not met.');
    expect(page).toContain('<td class="bad">✗ not met: 7.3 % above</td>');
    expect(page).toMatch(/<a href="#spill">.*<section id="spill">/s);
    expect(page).toContain('<pre>npm run it</pre>');
  });

  test('draws charts in the light and dark colours of the style sheet', () => {
    expect(page).toContain('stroke="var(--chart-line-0)"');
    expect(page).toContain('@media (prefers-color-scheme: dark) { :root {');
    expect(page.match(/--chart-line-0: #/g)).toHaveLength(2);
  });

  test('is deterministic', () => {
    expect(htmlReport([calmResult()], 'it')).toBe(htmlReport([calmResult()], 'it'));
  });
});
