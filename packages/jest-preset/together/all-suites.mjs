// Runs all suites of a package one after the other in one module registry. Jest would load every module again for each file, which takes
// longer than most suites. Each file gets a describe block named after it, so that its hooks apply to its tests alone.
/* global afterAll, beforeAll, describe, test */
import { deepEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';

/** The state of jest-circus; it holds the block that the next test belongs to. jest-circus offers no way to import a file into a block. */
const state =
  globalThis[Object.getOwnPropertySymbols(globalThis).find((key) => key.description === 'JEST_STATE_SYMBOL')];

/** Suites that take longer are printed with their time, ms. */
const slowMs = 5_000;

/** State of the process that a suite must restore, because the next suite runs in the same process. */
const processState = () => ({
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
    // For run-jest.mjs, which started jest; running-suite.mjs does this for files that jest runs.
    const { RUNNING_SUITE_FILE: runningSuiteFile } = process.env;
    if (runningSuiteFile !== undefined) writeFileSync(runningSuiteFile, name);
    startedAtMs = performance.now();
    before = processState();
  });
  try {
    await import(path);
  } catch (error) {
    test('loads', () => {
      throw error;
    });
  }
  afterAll(() => {
    const tookMs = performance.now() - startedAtMs;
    if (tookMs > slowMs) process.stdout.write(`${name} (${(tookMs / 1000).toFixed(1)} s)\n`);
    deepEqual(processState(), before);
  });
  state.currentDescribeBlock = outer;
}
