import { describe, expect, test } from '@jest/globals';
import { problems, problemType, type ProblemCode } from '@turn-router/contract/http';
import request from 'supertest';
import { createTestApp } from '../../compose/test-app.fixture.ts';
import { documentedProblems } from './documented-problems.ts';
import { renderProblemsPage } from './problems-page.ts';

const codes = documentedProblems().map(({ code }) => code);

function textFrom(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

describe('GET /docs/problems', () => {
  test('documents every code of the table', () => {
    expect(codes).toEqual(Object.keys(problems));
  });

  test('has one section for each code, and its id is the type URI', () => {
    const ids = [...renderProblemsPage().matchAll(/<section id="([^"]*)">/g)].map(([, id]) => id);
    expect(ids).toEqual(codes.map(problemType));
    expect(ids).toContain('urn:turn-router:problem:invalid_request');
  });

  test.each(codes)('shows code, status, title, meaning and remedy of %s in its section', (code) => {
    const [, section = ''] = renderProblemsPage().split(`<section id="${problemType(code)}">`);
    const text = textFrom(section.slice(0, section.indexOf('</section>')));
    const { status, title, meaning, remedy } = problems[code];
    for (const shown of [code, `${status}`, title, meaning, remedy]) {
      expect(text).toContain(shown.replaceAll('`', ''));
    }
  });

  test('escapes HTML in every text', () => {
    const hostile = `<i title="x">&'`;
    const texts = { type: hostile, title: hostile, meaning: hostile, actor: hostile, remedy: hostile, retry: hostile };
    const page = renderProblemsPage([{ code: 'revoked', status: 403, ...texts }]);
    expect(page).not.toContain('<i ');
    expect(page.split('&lt;i title=&quot;x&quot;&gt;&amp;&#39;')).toHaveLength(8);
  });

  test('is served as HTML that needs no script, and links to /docs', async () => {
    await using app = await createTestApp();
    const { status, headers, text } = await request(app.publicApp).get('/docs/problems');
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toBe(renderProblemsPage());
    expect(text).not.toContain('<script');
    expect(text).toContain('<a href="/docs">');
    expect(headers['content-security-policy']?.split(';')).toContain("script-src 'self'");
  });

  test('is linked from /docs', async () => {
    await using app = await createTestApp();
    const { text } = await request(app.publicApp).get('/docs');
    expect(text).toContain('<a href="/docs/problems">');
  });
});

describe('the retry text', () => {
  test.each<[ProblemCode, string]>([
    ['revoked', 'No.'],
    ['invalid_request', 'Only after the request, the token or the settings have changed.'],
    ['internal_error', 'Yes, with increasing delays.'],
    ['rate_limited', 'Yes, after as many seconds as `Retry-After` says.'],
    ['no_relay_available', 'Yes, after as many seconds as `Retry-After` says.'],
  ])('of %s is "%s"', (code, retry) => {
    expect(documentedProblems().find((each) => each.code === code)?.retry).toBe(retry);
  });
});
