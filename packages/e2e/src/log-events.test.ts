import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { reporterEvents, routerEvents, type EventMeaning } from '@turn-router/contract/events';
import { logCallsOf } from '@turn-router/plain-language';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const programs: [name: string, folder: string, events: Readonly<Record<string, EventMeaning>>][] = [
  ['router', 'apps/router/src', routerEvents],
  ['health-reporter', 'apps/health-reporter/src', reporterEvents],
];

/** Returns every log call in the production code of a folder, with its place. */
function callsIn(folder: string) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(?:test|fixture|contract)\.ts$/.test(name))
    .flatMap((name) =>
      logCallsOf(name, readFileSync(join(root, folder, name), 'utf8')).map((call) => ({
        ...call,
        place: `${name}:${call.line}`,
      })),
    );
}

describe.each(programs)('the log of the %s', (_name, folder, events) => {
  const calls = callsIn(folder);

  test('names its event as a literal in every call', () => {
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter((call) => call.events.length === 0).map(({ place }) => place)).toEqual([]);
  });

  test('has exactly the documented events, at the documented levels', () => {
    const inCode = calls.flatMap((call) => call.events.map((event) => `${event} ${call.level}`));
    const documented = Object.entries(events).flatMap(([event, { levels }]) =>
      levels.map((level) => `${event} ${level}`),
    );
    expect([...new Set(inCode)].toSorted()).toEqual(documented.toSorted());
  });

  test('names events as <area>.<event>', () => {
    expect(Object.keys(events).filter((event) => !/^[a-z_]+\.[a-z_]+$/.test(event))).toEqual([]);
  });
});

test('the documentation tables are those that the code renders', async () => {
  const module: unknown = await import(join(root, 'scripts/docs-tables.mjs'));
  expectTables(module);
  const { docsTables } = module;
  expect(docsTables.map(({ file }) => file)).toEqual(['apps/router/docs/problems.md', 'apps/router/docs/events.md']);
  for (const { file, render } of docsTables) expect(readFileSync(join(root, file), 'utf8')).toBe(render());
});

function expectTables(
  module: unknown,
): asserts module is { readonly docsTables: readonly { readonly file: string; readonly render: () => string }[] } {
  expect(module).toMatchObject({ docsTables: expect.any(Array) });
}
