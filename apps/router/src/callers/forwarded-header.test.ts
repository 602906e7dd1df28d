import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forwardedHops } from './forwarded-header.ts';

describe('Forwarded (RFC 7239)', () => {
  test.each<[value: string, hops: string[]]>([
    ['for=192.0.2.60;proto=http;by=203.0.113.43', ['192.0.2.60']],
    ['by=10.0.0.4;for=81.169.145.66;proto=https', ['81.169.145.66']],
    ['for=192.0.2.43, for=198.51.100.17', ['192.0.2.43', '198.51.100.17']],
    ['for=192.0.2.43,for=198.51.100.17;by=x,for=8.8.8.8', ['192.0.2.43', '198.51.100.17', '8.8.8.8']],
    ['For="[2001:db8:cafe::17]:4711"', ['[2001:db8:cafe::17]:4711']],
    ['FOR="192.0.2.43:47011"', ['192.0.2.43:47011']],
    ['for="192.0.2.43:_port-1"', ['192.0.2.43']],
    ['for="[2001:db8::1]:_p"', ['[2001:db8::1]']],
    ['for="192.0.2.\\43"', ['192.0.2.43']],
    ['for=192.0.2.43:80', ['192.0.2.43:80']],
    ['for=[2001:db8::1]:80', ['[2001:db8::1]:80']],
    ['  for=192.0.2.43 ;\tproto=https ', ['192.0.2.43']],
    [';for=192.0.2.43;;proto=https;', ['192.0.2.43']],
    ['host="a,b;for=9.9.9.9";for=192.0.2.43', ['192.0.2.43']],
    ['host="a\\",for=9.9.9.9";for=192.0.2.43', ['192.0.2.43']],
    ['for=unknown', ['unknown']],
    ['for=_gazonk', ['_gazonk']],
    ['for="_SEVKISEK"', ['_SEVKISEK']],
    ['', ['']],
    [',', ['', '']],
    ['for=', ['']],
    ['for=""', ['']],
    ['by=10.0.0.4;proto=https', ['']],
    ['for=192.0.2.1;for=192.0.2.2', ['']],
    ['for=192.0.2.1;FOR=192.0.2.2', ['']],
    ['for =192.0.2.1', ['']],
    ['for=192.0.2.1 proto=https', ['']],
    ['192.0.2.1', ['']],
    ['xfor=192.0.2.1', ['']],
    ['for="192.0.2.1', ['']],
    ['for=192.0.2.1;proto', ['']],
  ])('%s → %j', (value, hops) => {
    expect(forwardedHops(value, 33)).toEqual(hops);
  });

  test('reads at most as many elements as wanted, from the right', () => {
    const value = Array.from({ length: 5 }, (_, index) => `for=192.0.2.${index}`).join(', ');
    expect(forwardedHops(value, 2)).toEqual(['192.0.2.3', '192.0.2.4']);
    expect(forwardedHops(value, 5)).toHaveLength(5);
  });

  test('nothing that a caller writes hides the element that the proxy appends', () => {
    const spoof = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[for=",;\\ 0-9.:[\]]{0,60}$/),
    );
    const appended = fc.constantFrom(
      ['for=198.51.100.1', '198.51.100.1'],
      ['for="[2001:db8::1]:443";proto=https', '[2001:db8::1]:443'],
      ['by="_a,b";for="198.51.100.1:80";host="x\\"y"', '198.51.100.1:80'],
    );
    fc.assert(
      fc.property(spoof, appended, (left, [element = '', hop = '']) => {
        expect(forwardedHops(`${left}, ${element}`, 33).at(-1)).toBe(hop);
      }),
      { numRuns: 5_000 },
    );
  });

  test('takes time in proportion to the length', () => {
    // A quadratic reader would need minutes for these.
    for (const part of ['"', '\\"', '\\', ',', ';', ' ', 'for=', 'a=";']) {
      expect(forwardedHops(part.repeat(200_000), 33).length).toBeLessThanOrEqual(33);
    }
  });
});
