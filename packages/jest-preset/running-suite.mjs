import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A reporter of jest: leaves in the file RUNNING_SUITE_FILE, for the process that started jest (`run-jest.mjs`), which suites are running. */
export default class RunningSuite {
  /** @type {Set<string>} */
  #running = new Set();

  /** @param {{path: string}} test */
  onTestFileStart({ path }) {
    this.#running.add(relative(process.cwd(), path));
    this.#tell();
  }

  /** @param {{path: string}} test */
  onTestFileResult({ path }) {
    this.#running.delete(relative(process.cwd(), path));
    this.#tell();
  }

  #tell() {
    const file = process.env['RUNNING_SUITE_FILE'];
    if (file !== undefined) writeFileSync(file, [...this.#running].join(', '));
  }
}
