// The short form of `npm run prove -- outside`.
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { eventually, temporaryDirectory, whyNoRoutedNetwork } from '@turn-router/testing';

const proof = fileURLToPath(new URL('../../proofs/outside.mjs', import.meta.url));
const missing = whyNoRoutedNetwork();

/** Starts the proof. `ended` has its exit code, and null if a signal ended it. */
function startProof(folder: string, words: readonly string[]) {
  let output = '';
  const child = spawn(process.execPath, [proof, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, output: () => output };
}

/** The processes whose environment names the folder. They have its network namespaces and the interfaces in them. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => Number(name) > 0);
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => texts[index]?.includes(folder));
}

async function expectNothingLeft(folder: string) {
  const left = async () => [...(await processesOf(folder)), ...(await readdir(folder))];
  await eventually('all processes and files to be gone', async () => (await left()).length === 0).catch(
    () => undefined,
  );
  expect(await left()).toEqual([]);
}

// A network of hosts needs root. Other machines skip this suite, and its title says why.
const describeNetwork = missing === undefined ? describe : describe.skip;

describeNetwork(`nodes on hosts of their own${missing === undefined ? '' : ` (${missing})`}`, () => {
  test.concurrent('a node that answers with a TTL of 1 is healthy to its sidecar, and gets no calls', async () => {
    await using folder = await temporaryDirectory('outside');
    const words = ['--only', 'ttl-1', '--regions', '2', '--nodes', '2', '--interval', '5', '--until-out'];
    const { ended, output } = startProof(folder.path, words);
    const code = await ended;
    expect(output()).toMatch(
      /ttl-1 +region-1\/node-1 +\d+ +0 of \d+ +- +healthy +unreachable_from_outside \([23] of 3: udp 3478 timeout\)/,
    );
    expect(code).toBe(0);
    await expectNothingLeft(folder.path);
  });

  test.concurrent('a proof that is killed leaves no process and no file', async () => {
    await using folder = await temporaryDirectory('outside');
    const { child, ended, output } = startProof(folder.path, ['--only', 'partition', '--regions', '1', '--nodes', '2']);
    await eventually('the nodes to run', () => output().includes('2 nodes run'), { timeoutMs: 120_000 });
    expect((await processesOf(folder.path)).length).toBeGreaterThan(8);
    child.kill('SIGKILL');
    expect(await ended).toBe(null);
    await expectNothingLeft(folder.path);
  });
});
