import { expect, test } from '@jest/globals';
import { figuresFromSamples } from './figures-from-samples.ts';

const addresses = new Set(['10.0.0.1', '10.0.0.2', 'turn-3.internal', '2001:db8::7']);

const figures = (...samples: [labels: Record<string, string>, value: number][]) => [
  ...figuresFromSamples(
    samples.map(([labels, value]) => ({ labels, value })),
    addresses,
  ),
];

test.each([
  [{ instance: '10.0.0.1:9100' }, '10.0.0.1'],
  [{ instance: '10.0.0.1' }, '10.0.0.1'],
  [{ instance: 'turn-3.internal:9100' }, 'turn-3.internal'],
  [{ instance: '[2001:db8::7]:9100' }, '2001:db8::7'],
  [{ instance: '2001:db8::7' }, '2001:db8::7'],
  [{ host: '10.0.0.2', job: 'node' }, '10.0.0.2'],
  [{ instance: '10.0.0.1:9100', peer: '10.0.0.2' }, '10.0.0.1'],
])('%j names %s', (labels, address) => {
  expect(figures([labels, 7])).toEqual([[address, 7]]);
});

test.each([
  [{}],
  [{ instance: '10.0.0.9:9100' }],
  [{ instance: '10.0.0.1.example.org:9100' }],
  [{ host: '10.0.0.1:1' }],
])('%j names no address', (labels: Record<string, string>) => {
  expect(figures([labels, 7])).toEqual([]);
});

test('takes the largest of several samples', () => {
  const instance = '10.0.0.1:9100';
  expect(figures([{ instance, way: 'in' }, 2], [{ instance, way: 'out' }, 9], [{ instance, way: 'x' }, 4])).toEqual([
    ['10.0.0.1', 9],
  ]);
});

test.each([NaN, Infinity, -1])('ignores the value %d', (value) => {
  expect(figures([{ instance: '10.0.0.1' }, value], [{ instance: '10.0.0.2' }, 0])).toEqual([['10.0.0.2', 0]]);
});
