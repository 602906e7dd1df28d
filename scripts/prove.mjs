#!/usr/bin/env node
// Runs the long, exact proofs that are named on the command line.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { installDependencies, installPrograms } from './install.mjs';
import { root, run, runScript, step, UsageError } from './run.mjs';

const usage = `Usage: npm run prove -- NAME… [arguments of the proofs]
       npm run prove -- --list

Installs what is missing, builds, and runs the named proofs one after the other. A proof takes minutes or judges speed, and prints its
figures; npm test runs the short forms. The first argument after the names that begins with "-", and all arguments after it, are passed to
the proofs; most of them have --help. Run it on an idle machine.

  --list   list all proofs

The exit code is 1 if a figure misses its bound.
`;

/** @typedef {{name: string, description: string, command: readonly string[]}} Proof */

/** Proofs that are also npm scripts. @type {readonly Proof[]} */
const commands = [
  {
    name: 'faults',
    description: 'runs every fault for its full time and checks its bounds (30 min)',
    command: ['test-faults.mjs'],
  },
  { name: 'soak', description: 'runs random faults under load for an hour (75 min)', command: ['soak.mjs'] },
  { name: 'fuzz', description: 'sends a router valid and invalid requests (20 min)', command: ['test-fuzz.mjs'] },
  {
    name: 'figures',
    description: 'checks every claim about balance in the simulator',
    command: ['turnctl.mjs', 'simulate'],
  },
].map((proof) => ({
  ...proof,
  command: proof.command.map((word) => (word.endsWith('.mjs') ? join(root, 'scripts', word) : word)),
}));

/** @returns {Proof[]} sorted by name */
function findProofs() {
  const folders = ['apps', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'proofs')),
  );
  const paths = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((path) => path.endsWith('.mjs'));
  const own = paths.map((path) => {
    const description = /^(?:#!.*\n)?\/\/ (.+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
    return { name: basename(path, '.mjs'), description, command: [path] };
  });
  return [...own, ...commands].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lists one proof a line. @param {readonly Proof[]} proofs */
function listOf(proofs) {
  const width = Math.max(...proofs.map(({ name }) => name.length));
  return proofs.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}\n`).join('');
}

/** Separates the arguments of this script from those of the proofs. @param {readonly string[]} words */
function splitArguments(words) {
  const firstName = words.findIndex((word) => !word.startsWith('-'));
  const next = firstName < 0 ? -1 : words.findIndex((word, index) => index > firstName && word.startsWith('-'));
  if (next < 0) return { own: words, forProofs: [] };
  return { own: words.slice(0, next), forProofs: words.slice(words[next] === '--' ? next + 1 : next) };
}

const isLinuxRoot = process.platform === 'linux' && process.getuid?.() === 0;
const { own, forProofs } = splitArguments(process.argv.slice(2));

await runScript(
  { usage, options: { list: { type: 'boolean' } }, allowPositionals: true, args: own },
  async ({ list }, names) => {
    const proofs = findProofs();
    if (list === true) {
      process.stdout.write(listOf(proofs));
      return;
    }
    const unknown = names.filter((name) => !proofs.some((proof) => proof.name === name));
    if (names.length === 0 || unknown.length > 0) {
      const what = names.length === 0 ? 'Expected the name of a proof' : `Unknown proof: ${unknown.join(', ')}`;
      throw new UsageError(`${what}. The proofs are:\n${listOf(proofs)}`);
    }
    await installDependencies();
    await installPrograms([
      'redis-server',
      'turnserver',
      'openssl',
      'faketime',
      'wrk',
      ...(isLinuxRoot ? /** @type {const} */ (['ip', 'nft']) : []),
    ]);
    await step('build', () => run('turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true }));
    const missed = [];
    for (const proof of names.flatMap((name) => proofs.filter((each) => each.name === name))) {
      process.stdout.write(`\n${proof.name}: ${proof.description}\n`);
      try {
        await run(process.execPath, [...proof.command, ...forProofs]);
      } catch {
        // The proof has printed which bound it missed.
        missed.push(proof.name);
      }
    }
    if (missed.length > 0) throw new Error(`not proven: ${missed.join(', ')}`);
  },
);
