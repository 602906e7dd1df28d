import { describe, expect, test } from '@jest/globals';
import { parseCoturnVersion } from './parse-coturn-version.ts';

describe('a version of coturn', () => {
  test.each([
    ['4.6', [4, 6, 0]],
    ['4.6.1', [4, 6, 1]],
    ['4.17.1', [4, 17, 1]],
    ['5.0.0', [5, 0, 0]],
  ])('%s is %j', (text, version) => {
    expect(parseCoturnVersion(text)).toEqual(version);
  });

  test.each(['', '4', '4.5.2', '4.6.1-1', 'v4.6.1', 'latest'])('%j is refused', (text) => {
    expect(() => parseCoturnVersion(text)).toThrow('Expected a version from 4.6 on, such as 4.6.1.');
  });
});
