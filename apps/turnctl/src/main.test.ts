import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { nodeToken } from '@turn-router/turn-credentials';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A scenario with one region of two nodes for eight seconds. */
function tiny(name: string, atMost: number): string {
  return `name: ${name}
title: Two nodes
description: A moment.
strategies: [turn-router, random]
seeds: [1, 2]
durationSeconds: 8
measuredFromSecond: 4
regions: { home: { nodes: [{ count: 2, capacityMbps: 100 }] } }
demand: { regions: { home: 0.5 } }
calls: { length: { shape: exponential, meanSeconds: 1 } }
claims: [{ figure: peakToIdeal.max, atMost: ${atMost} }]
`;
}

/** Runs the built program in a folder with a scenario whose claim is met, a scenario whose claim is not met, and invalid files. */
async function inFolder(check: (run: (...args: string[]) => ReturnType<typeof runIn>, folder: string) => void) {
  await using folder = await temporaryDirectory('turnctl');
  mkdirSync(join(folder.path, 'empty'));
  writeFileSync(join(folder.path, 'good.yaml'), tiny('good', 100));
  writeFileSync(join(folder.path, 'failing.yaml'), tiny('failing', 0.5));
  writeFileSync(join(folder.path, 'bad.yml'), `${tiny('Bad name', 1)}colour: red\n`);
  check((...args) => runIn(folder.path, args), folder.path);
}

function runIn(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('turnctl simulate', () => {
  test('exits with 0 if all claims are met, prints the table on stdout and nothing on stderr', async () => {
    await inFolder((run) => {
      const { status, stdout, stderr } = run('simulate', 'good.yaml');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^good: Two nodes\n.*\nturn-router .*\nrandom .*\n✓ {2}peakToIdeal\.max /s);
    });
  });

  test('exits with 1 if a claim is not met, and shows by how much the figure misses the limit', async () => {
    await inFolder((run) => {
      const { status, stderr } = run('simulate', 'good.yaml', 'failing.yaml');
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^Claims that are not met:\n {2}failing: peakToIdeal\.max is [\d.]+, expected at most 0\.5: \d+ % above\n$/,
      );
    });
  });

  test('prints only the results with -o json', async () => {
    await inFolder((run) => {
      const { stdout } = run(
        'simulate',
        'good.yaml',
        '-o',
        'json',
        '--seeds',
        '7',
        '--strategies',
        'random,turn-router',
      );
      expect(JSON.parse(stdout)).toMatchObject([
        { scenario: { name: 'good', seeds: [7] }, strategies: [{ strategy: 'random' }, { strategy: 'turn-router' }] },
      ]);
    });
  });

  test('writes both reports', async () => {
    await inFolder((run, folder) => {
      expect(run('simulate', 'good.yaml', '--html', 'it.html', '--figures', 'a/b').status).toBe(0);
      expect(readFileSync(join(folder, 'it.html'), 'utf8')).toContain(
        '<pre>npm run turnctl -- simulate good.yaml</pre>',
      );
      expect(readdirSync(join(folder, 'a/b'))).toContain('good-peak-to-ideal.svg');
    });
  });

  test.each([
    [
      'nosuch',
      'nosuch: no such file, folder or shipped scenario ("turnctl simulate --list" lists the shipped scenarios)',
    ],
    ['empty', 'empty: no scenario in this folder: expected files ending in .yaml or .yml'],
    ['bad.yml', 'bad.yml:1: name: Invalid name: expected a–z, 0–9 and "-"\nbad.yml:12: colour: Unknown field'],
    ['good.yaml --html empty', '--html empty: this is a folder: expected a file'],
    ['good.yaml --html no/it.html', '--html no/it.html: cannot be written: no such file or directory'],
    ['good.yaml --figures good.yaml', '--figures good.yaml: this is a file: expected a folder'],
  ])('rejects %s with exit code 2 before anything runs', async (args, message) => {
    await inFolder((run) => {
      expect(run('simulate', ...args.split(' '))).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
    });
  });

  test.each(['--scale 0', '--seeds 1.5', '--strategies best', '--nosuch'])(
    'rejects %s with exit code 2',
    async (args) => {
      await inFolder((run) => {
        const { status, stdout, stderr } = run('simulate', 'good.yaml', ...args.split(' '));
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toMatch(/^error: .*\n\(--help lists commands and options\)\n$/);
      });
    },
  );

  test('lists the shipped scenarios with --list', async () => {
    await inFolder((run) => expect(run('simulate', '--list').stdout).toMatch(/^base +Ten unequal nodes/m));
  });
});

const reporterToken = 'reporter-token-of-2026';
const printNodeToken = (env: NodeJS.ProcessEnv, node: string) => runIn('.', ['node-token', node], env);

describe('turnctl node-token', () => {
  test('derives the token of one node from the router’s token in the environment or in a file', async () => {
    await using folder = await temporaryDirectory('turnctl');
    const file = join(folder.path, 'token');
    writeFileSync(file, `${reporterToken}\n`);
    const printed = { status: 0, stdout: `${nodeToken(reporterToken, 'eu-central-1/node-01')}\n`, stderr: '' };
    expect(printNodeToken({ REPORTER_TOKEN: reporterToken }, 'eu-central-1/node-01')).toEqual(printed);
    expect(printNodeToken({ REPORTER_TOKEN_FILE: file }, 'eu-central-1/node-01')).toEqual(printed);
  });

  test.each([
    [{}, 'eu/node-01', 'REPORTER_TOKEN: Missing: expected at least 16 characters of printable ASCII without spaces'],
    [
      { REPORTER_TOKEN: 'short' },
      'eu/node-01',
      'REPORTER_TOKEN: Invalid value: expected at least 16 characters of printable ASCII without spaces',
    ],
    [
      { REPORTER_TOKEN: reporterToken },
      'node-01',
      'Invalid node "node-01": expected <region>/<id> with names of a–z, 0–9 and "-"',
    ],
    [
      { REPORTER_TOKEN: reporterToken },
      'eu/node/01',
      'Invalid node "eu/node/01": expected <region>/<id> with names of a–z, 0–9 and "-"',
    ],
  ])('rejects %j %s', (env, node, message) => {
    expect(printNodeToken(env, node)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
  });
});
