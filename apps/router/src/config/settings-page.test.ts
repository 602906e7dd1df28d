import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import type { Setting } from '@turn-router/settings';
import { settings } from './settings.ts';

const row = /^\| `([A-Z_]+)`(\\\*)? +\| ([^|]*?) +\|/gm;

/** Defaults that the page shows in words. */
const shownDefaults = new Map([
  ['GEOIP_DB', 'bundled'],
  ['JWT_ALGORITHMS', 'RS256, PS256, ES256, EdDSA'],
]);

test('docs/settings.md lists every setting with its default, and marks the secrets', async () => {
  const page = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(row)].map(([, name, mark, value]) => [name, value, mark !== undefined]);
  const expected = Object.entries<Setting>(settings).map(([name, setting]) => [
    name,
    shownDefaults.get(name) ?? setting.default ?? (setting.required === true ? 'required' : 'unset'),
    setting.secret === true,
  ]);
  expect(listed.toSorted(byName)).toEqual(expected.toSorted(byName));
});

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1;
}
