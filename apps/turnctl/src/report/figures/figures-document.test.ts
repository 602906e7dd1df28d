import { describe, expect, test } from '@jest/globals';
import { calmResult, failedClaim, holdingClaim, spillingResult } from '../simulation-result.fixture.ts';
import { figuresDocument } from './figures-document.ts';

const files = figuresDocument([calmResult({ claims: [holdingClaim, failedClaim] }), spillingResult()], 'npm run it');
const document = files.find(({ name }) => name === 'README.md')?.text ?? '';

describe('the document of figures', () => {
  test('lists every claim with its limit, its mean and each seed', () => {
    const row = document.split('\n').find((line) => line.includes('not met:'));
    expect(row?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      '`base`',
      '1, 2',
      'most calls to one node within 5 s ÷ its fair part',
      'at most 1.1',
      '1.18',
      '1.16, 1.2',
      '✗ not met: 7.3 % above',
      '',
    ]);
  });

  test('links exactly the pictures that it writes', () => {
    const shown = [...document.matchAll(/!\[.*?\]\((.*?)\)/g)].map(([, picture]) => picture);
    expect(shown).toContain('spill-spill-share.svg');
    expect(files.map(({ name }) => name)).toEqual(['README.md', ...shown]);
  });

  test('shows the cost and the benefit of spillover in one picture', () => {
    const picture = files.find(({ name }) => name === 'spill-added-distance-overloaded-calls.svg')?.text ?? '';
    const [outer = 0, ...inner] = [...picture.matchAll(/<svg [^>]*height="(\d+)"/g)].map(([, height]) =>
      Number(height),
    );
    expect(inner).toHaveLength(2);
    expect(outer).toBeGreaterThan(inner.reduce((sum, height) => sum + height, 0));
    expect(picture).toMatch(/>Extra distance to the relay, per call<.*>Calls in overloaded regions</s);
    expect(files.map(({ name }) => name)).not.toContain('spill-added-distance.svg');
  });

  test('has self-contained pictures on a white background', () => {
    const pictures = files.filter(({ name }) => name.endsWith('.svg')).map(({ text }) => text);
    for (const picture of pictures) {
      expect(picture).toMatch(/^<svg .*fill="#ffffff".*<\/svg>\n$/s);
      expect(picture).not.toMatch(/var\(|<style|href=|<script/);
    }
  });

  test('escapes the texts of a scenario', () => {
    const [readme] = figuresDocument([calmResult({ description: '# A | <b>b</b>\n![x](y)' })], 'it');
    expect(readme?.text).toContain('\n\\# A | \\<b>b\\</b> !\\[x]\\(y)\n'.replace('\\</b>', '\\</b>'));
  });

  test('contains the command that reproduces the document', () => {
    expect(document).toContain('```sh\nnpm run it\n```');
  });
});
