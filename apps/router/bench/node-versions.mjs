// The versions of Node that programs under test run on. Node 24 comes first: it is what the images ship.
import { execFileSync } from 'node:child_process';

/** @typedef {{major: number, version: string, path: string}} NodeVersion `path`: of the binary itself, so that nothing stands between */

export const nodeMajors = /** @type {const} */ ([24, 20]);

/**
 * The Node of this process if it is of that version, else the newest of it, by `npx`.
 *
 * @param {number} major
 * @returns {NodeVersion | {major: number, missing: string}}
 */
export function findNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { major, version: process.versions.node, path: process.execPath };
  }
  const tellIt = 'process.stdout.write(JSON.stringify([process.versions.node, process.execPath]))';
  try {
    const output = execFileSync('npx', ['-y', '-p', `node@${major}`, '--', 'node', '-e', tellIt], {
      encoding: 'utf8',
    });
    const [version, path] = JSON.parse(output);
    return { major, version, path };
  } catch {
    return { major, missing: `npx cannot fetch node@${major}.` };
  }
}
