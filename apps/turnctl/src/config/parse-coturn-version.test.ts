import { describe, expect, test } from '@jest/globals';
import { parseCoturnVersion } from './parse-coturn-version.ts';

describe('parseCoturnVersion', () => {
  test.each([
    ['4.6', [4, 6, 0]],
    ['4.6.1', [4, 6, 1]],
    ['4.17.1', [4, 17, 1]],
    ['5.0.0', [5, 0, 0]],
  ])('reads %s as %j', (text, version) => {
    expect(parseCoturnVersion(text)).toEqual(version);
  });

  test.each(['', '4', '4.5.2', '4.6.1-1', 'v4.6.1', 'latest'])('rejects %j', (text) => {
    expect(() => parseCoturnVersion(text)).toThrow('Expected version 4.6 or later, such as 4.6.1.');
  });
});
