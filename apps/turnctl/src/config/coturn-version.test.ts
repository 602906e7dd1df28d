import { describe, expect, test } from '@jest/globals';
import { isOlder, parseCoturnVersion } from './coturn-version.ts';

describe("coturn's versions", () => {
  test.each([
    ['4.6', '4.6.1', true],
    ['4.6.1', '4.6.1', false],
    ['4.6.2', '4.6.1', false],
    ['4.9.0', '4.10.0', true],
    ['4.17.1', '4.7.0', false],
    ['5.0.0', '4.17.1', false],
  ])('%s before %s: %s', (version, other, expected) => {
    expect(isOlder(parseCoturnVersion(version), parseCoturnVersion(other))).toBe(expected);
  });

  test.each(['', '4', '4.5.2', '4.6.1-1', 'v4.6.1', 'latest'])('%j is refused', (text) => {
    expect(() => parseCoturnVersion(text)).toThrow('Expected a version from 4.6 on, such as 4.6.1.');
  });
});
