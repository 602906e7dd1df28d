import type { SimulationResult } from '@turn-router/simulator';
import { toHtml } from 'hast-util-to-html';
import { h } from 'hastscript';
import type { Element } from 'hast';
import { createHash } from 'node:crypto';
import { introduction, introductionTitle, strategyMeanings } from '../introduction.ts';
import { verdictSummary } from '../claim-text.ts';
import { scenarioSection } from './scenario-section.ts';
import { styleSheet } from './style-sheet.ts';

/**
 * Returns a self-contained page. The page cannot load resources or run scripts. Texts from scenarios are escaped.
 *
 * @param command - the command that produces the same figures
 */
export function htmlReport(results: readonly SimulationResult[], command: string): string {
  const [only] = results;
  const title =
    results.length === 1 && only !== undefined ? `${only.scenario.title}: turn-router, simulated` : introductionTitle;
  const page = h(undefined, [
    { type: 'doctype' },
    h('html', { lang: 'en' }, [
      h('head', [
        h('meta', { charSet: 'utf-8' }),
        h('meta', { httpEquiv: 'Content-Security-Policy', content: contentSecurityPolicy() }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'color-scheme', content: 'light dark' }),
        h('title', title),
        h('style', styleSheet),
      ]),
      h('body', [h('main', [...openingElements(results, command), ...results.map(scenarioSection)])]),
    ]),
  ]);
  return `${toHtml(page, { allowDangerousHtml: true })}\n`;
}

function contentSecurityPolicy(): string {
  const hash = createHash('sha256').update(styleSheet).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function openingElements(results: readonly SimulationResult[], command: string): readonly Element[] {
  const strategies = [...new Set(results.flatMap((result) => result.strategies.map(({ strategy }) => strategy)))];
  return [
    h('h1', introductionTitle),
    verdictElement(results),
    ...introduction.map((paragraph) => h('p', paragraph)),
    ...(results.length > 1 ? [h('h3', 'Scenarios'), contentsElement(results)] : []),
    h('h3', 'Strategies'),
    h(
      'dl',
      strategies.flatMap((strategy) => [h('dt', strategy), h('dd', strategyMeanings[strategy])]),
    ),
    h('h3', 'Reproduce these figures'),
    h('pre', command),
  ];
}

function contentsElement(results: readonly SimulationResult[]): Element {
  return h(
    'ul',
    results.map((result) =>
      h('li', [
        h('a', { href: `#${result.scenario.name}` }, result.scenario.title),
        ' – ',
        h('span', { className: [toneOf([result])] }, verdictSummary([result])),
      ]),
    ),
  );
}

function verdictElement(results: readonly SimulationResult[]): Element {
  return h('p', { className: ['verdict', toneOf(results)] }, verdictSummary(results));
}

function toneOf(results: readonly SimulationResult[]): 'good' | 'bad' | 'soft' {
  const claims = results.flatMap((result) => result.claims);
  if (claims.length === 0) return 'soft';
  return claims.every(({ holds }) => holds) ? 'good' : 'bad';
}
