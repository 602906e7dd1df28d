import { relative } from 'node:path';

/** A reporter of jest: tells the process that started jest (`run-jest.mjs`) which suites are running. */
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
    process.send?.([...this.#running]);
  }
}
