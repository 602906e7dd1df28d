import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A jest reporter that writes the running suites to the file RUNNING_SUITE_FILE, for `run-jest.mjs`, which started jest. */
export default class RunningSuite {
  /** @type {Set<string>} */
  #running = new Set();

  /** @param {{path: string}} test */
  onTestFileStart({ path }) {
    this.#running.add(relative(process.cwd(), path));
    this.#write();
  }

  /** @param {{path: string}} test */
  onTestFileResult({ path }) {
    this.#running.delete(relative(process.cwd(), path));
    this.#write();
  }

  #write() {
    const file = process.env['RUNNING_SUITE_FILE'];
    if (file !== undefined) writeFileSync(file, [...this.#running].join(', '));
  }
}
