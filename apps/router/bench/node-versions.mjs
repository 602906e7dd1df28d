// The versions of Node for the measured programs. Node 24 comes first, because the images ship it.
import { execFileSync } from 'node:child_process';

/** @typedef {{major: number, version: string, path: string}} NodeVersion `path`: the binary itself, so that there is no wrapper process */

export const nodeMajors = /** @type {const} */ ([24, 20]);

/**
 * Finds a Node of this major version: the Node of this process if it matches, otherwise the newest matching one, with `npx`.
 *
 * @param {number} major
 * @returns {NodeVersion | {major: number, missing: string}}
 */
export function findNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { major, version: process.versions.node, path: process.execPath };
  }
  const printVersion = 'process.stdout.write(JSON.stringify([process.versions.node, process.execPath]))';
  try {
    const output = execFileSync('npx', ['-y', '-p', `node@${major}`, '--', 'node', '-e', printVersion], {
      encoding: 'utf8',
    });
    const [version, path] = JSON.parse(output);
    return { major, version, path };
  } catch {
    return { major, missing: `npx cannot fetch node@${major}.` };
  }
}
