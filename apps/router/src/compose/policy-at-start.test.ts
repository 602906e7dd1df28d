import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { createMetrics, type Metrics } from '../observe/metrics.ts';
import { openKeptPolicyOf } from './policy-at-start.ts';

let directory: TemporaryDirectory;
let stateDir: string;
let path: string;
let lines: Record<string, unknown>[];
let metrics: Metrics;
beforeEach(async () => {
  directory = await temporaryDirectory('kept');
  stateDir = join(directory.path, 'state');
  path = join(stateDir, 'policy-in-force.json');
  lines = [];
  metrics = createMetrics();
});
afterEach(async () => directory[Symbol.asyncDispose]());

const open = (options: { stateDir?: string | undefined; writes?: boolean } = {}) =>
  openKeptPolicyOf(
    { stateDir, writes: true, ...options },
    {
      nowMs: () => 0,
      monotonicNowMs: () => performance.now(),
      metrics,
      logger: createLogger('info', { write: (line: string) => lines.push(JSON.parse(line)) }),
    },
  );
const keptOf = (text: string) => ({ text, sha256: createHash('sha256').update(text).digest('hex') });
const events = () => lines.map(({ event }) => event);

async function keep(...texts: string[]) {
  await using kept = await open();
  for (const text of texts) kept.keep(keptOf(text));
}

async function restore() {
  lines = [];
  await using kept = await open();
  if (kept.restored !== undefined) kept.keep(kept.restored);
  return kept.restored;
}

test('the newest policy is there after a restart, in two copies', async () => {
  await keep('one', 'two', 'three # ü');
  expect(await restore()).toEqual(keptOf('three # ü'));
  expect((await readdir(stateDir)).toSorted()).toEqual(['policy-in-force.json', 'policy-in-force.json.copy']);
  expect(await metrics.text()).toContain('turn_router_unsaved_changes{file="policy-in-force"} 0');
});

test('nothing is kept without STATE_DIR, or by a process that does not write', async () => {
  for (const options of [{ stateDir: undefined }, { writes: false }]) {
    await using kept = await open(options);
    kept.keep(keptOf('one'));
    expect(kept.restored).toBeUndefined();
  }
  expect(await readdir(directory.path)).toEqual([]);
});

test.each(['', '.copy'])('a copy %j that is cut or changed anywhere loses nothing', async (suffix) => {
  await keep('one');
  const whole = await readFile(path, 'utf8');
  const damaged = Array.from({ length: 20 }, (_, index) => whole.slice(0, Math.floor((whole.length * index) / 20)));
  for (const text of [...damaged, whole.replace('one', 'two'), '7', 'null']) {
    await writeFile(`${path}${suffix}`, text);
    expect(await restore()).toEqual(keptOf('one'));
    expect(events()).not.toContain('policy.copy_damaged');
    expect(await readFile(`${path}${suffix}`, 'utf8')).toContain('"text":"one"');
  }
  const aside = (await readdir(stateDir)).filter((name) => name.includes('.damaged-'));
  expect(aside).toHaveLength(5);
});

test('a loss of both copies is an error that says what to check, and no damaged copy is overwritten', async () => {
  await keep('one');
  await writeFile(path, '{"sha256":');
  await writeFile(`${path}.copy`, '');
  {
    lines = [];
    await using kept = await open();
    expect(kept.restored).toBeUndefined();
    kept.keep(keptOf('two'));
  }
  expect(lines[0]).toMatchObject({ event: 'policy.copy_damaged', level: 50, file: path, fault: 'truncated' });
  expect(lines[0]?.['msg']).toBe(
    'both stored copies of the policy are damaged: the router cannot tell whether the policy file is weaker; check residency and limits',
  );
  const aside = (await readdir(stateDir)).filter((name) => name.includes('.damaged-'));
  expect(aside).toHaveLength(2);
  expect(await restore()).toEqual(keptOf('two'));
});

test('a file of the form without a mark is read, and its hash is checked', async () => {
  await mkdir(stateDir);
  await writeFile(path, JSON.stringify(keptOf('one')));
  expect(await restore()).toEqual(keptOf('one'));
  await rm(`${path}.copy`, { force: true });
  await writeFile(path, JSON.stringify({ ...keptOf('one'), text: 'two' }));
  expect(await restore()).toBeUndefined();
  expect(events()).toEqual(['policy.copy_damaged']);
});

test('a policy that cannot be written is reported, and is written when a newer one comes', async () => {
  await mkdir(`${path}.lock`, { recursive: true });
  {
    await using kept = await open();
    kept.keep(keptOf('one'));
  }
  expect(events()).toEqual(['policy.save_failed', 'state.change_abandoned']);
  await rmdir(`${path}.lock`);
  await keep('two');
  expect(await restore()).toEqual(keptOf('two'));
});
