import { expect, test } from '@jest/globals';
import { completeFigures, equalFigures, type SizedNode } from './complete-figures.ts';

type Node = SizedNode & { readonly figure: number | undefined };

/** `eu/a` of size 1000 with figure 100: `node('eu/a', 1000, 100)` */
function node(name: string, size: number, figure?: number): Node {
  return { key: { region: name.split('/')[0] ?? '' }, name, size, figure };
}

const fleet = [
  node('eu/a', 1000, 100),
  node('eu/b', 1000, 500),
  node('eu/c', 500),
  node('us/a', 1000, 800),
  node('us/b', 250),
  node('ap/a', 1000),
];
const figureOf = ({ figure }: Node) => figure;

test('gives a node without a figure the average load of its region', () => {
  expect(Object.fromEntries(completeFigures(fleet, figureOf))).toEqual({
    'eu/a': 100,
    'eu/b': 500,
    'eu/c': 150,
    'us/a': 800,
    'us/b': 200,
    'ap/a': 0,
  });
});

test('keeps the total load of a region when its nodes are made equal, also repeatedly', () => {
  const once = equalFigures(fleet, figureOf);
  expect(Object.fromEntries(once)).toEqual({
    'eu/a': 300,
    'eu/b': 300,
    'eu/c': 150,
    'us/a': 800,
    'us/b': 200,
    'ap/a': 0,
  });
  expect(equalFigures(fleet, ({ name }) => once.get(name))).toEqual(once);
});
