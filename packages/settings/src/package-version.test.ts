import { expect, test } from '@jest/globals';
import { packageVersion } from './package-version.ts';

test('reads the version from a package.json file', () => {
  expect(packageVersion(new URL('../package.json', import.meta.url))).toMatch(/^\d+\.\d+\.\d+$/);
});
