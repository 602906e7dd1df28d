// All suites of a package, one after the other, in one module registry: jest would read every module anew for each file, which takes
// longer than most suites. Each file has a block of its own, named after it, so that its hooks concern its tests alone.
/* global afterAll, beforeAll, describe, test */
import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

/** jest-circus keeps here to which block the next test belongs. It offers no way to read a file within a block. */
const state =
  globalThis[Object.getOwnPropertySymbols(globalThis).find((key) => key.description === 'JEST_STATE_SYMBOL')];

/** Suites that take longer are named. */
const slowMs = 5_000;

/** What a suite must leave as it was, since the next one runs in the same process. */
const surroundings = () => ({
  environment: { ...process.env },
  folder: process.cwd(),
  exitCode: process.exitCode,
  listeners: Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
  timers: [setTimeout, setInterval, setImmediate, Date, fetch],
});

for (const [name, path] of Object.entries(globalThis.suitesTogether)) {
  void describe(name, () => {});
  const outer = state.currentDescribeBlock;
  state.currentDescribeBlock = outer.children.at(-1);
  let startedAtMs = 0;
  let before = {};
  beforeAll(() => {
    // For the process that started jest, as running-suite.mjs tells it of a file.
    const { RUNNING_SUITE_FILE: runningSuiteFile } = process.env;
    if (runningSuiteFile !== undefined) writeFileSync(runningSuiteFile, name);
    startedAtMs = performance.now();
    before = surroundings();
  });
  try {
    await import(path);
  } catch (error) {
    test('can be read', () => {
      throw error;
    });
  }
  afterAll(() => {
    const tookMs = performance.now() - startedAtMs;
    if (tookMs > slowMs) process.stdout.write(`${name} (${(tookMs / 1000).toFixed(1)} s)\n`);
    deepEqual(surroundings(), before);
  });
  state.currentDescribeBlock = outer;
}
