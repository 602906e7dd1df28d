import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  eventually,
  startRouter,
  temporaryDirectory,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { policy } from './policy.ts';

const run = promisify(execFile);
/** The subject of the test's own requests, which are anonymous. */
const subject = 'address:127.0.0.1/32';
const headers = { authorization: 'Bearer operator-token-of-2026-which-is-long', 'content-type': 'application/json' };

let directory: TemporaryDirectory;
let policyFile: string;
let state: string;
let file: string;
beforeEach(async () => {
  directory = await temporaryDirectory('state-directory');
  policyFile = join(directory.path, 'policy.yaml');
  state = join(directory.path, 'state');
  file = join(state, 'revocations.json');
  await writeFile(policyFile, policy);
  await mkdir(state);
});
afterEach(async () => directory[Symbol.asyncDispose]());

const start = () =>
  startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    environment: { ADMIN_TOKEN: 'operator-token-of-2026-which-is-long', STATE_DIR: state },
  });

/** Ends the process at once, as the kernel does when memory is short. */
async function kill(router: RouterProcess): Promise<void> {
  router.signal('SIGKILL');
  await router.exited;
}

async function answerTo({ url }: RouterProcess): Promise<unknown> {
  const answer = await fetch(`${url}/v1/region`);
  const body: unknown = await answer.json();
  return answer.ok ? 200 : Object(body).code;
}

async function revoke({ adminUrl }: RouterProcess): Promise<Record<string, unknown>> {
  const body = JSON.stringify({ subject });
  const answer = await fetch(`${adminUrl}/admin/v1/revocations`, { method: 'PUT', headers, body });
  return { status: answer.status, ...Object(await answer.json()) };
}

const lift = ({ adminUrl }: RouterProcess) =>
  fetch(`${adminUrl}/admin/v1/revocations/lift`, { method: 'POST', headers, body: JSON.stringify({ subject }) });

async function isUnsaved({ adminUrl }: RouterProcess): Promise<boolean> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return text.includes('turn_router_unsaved_changes{file="revocations"} 1');
}

async function metric({ adminUrl }: RouterProcess, name: string): Promise<string | undefined> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1];
}

const logged = (router: RouterProcess, text: string) =>
  eventually(`"${text}" in the log`, () => router.output().includes(text), { timeoutMs: 10_000 });

/** Leaves a state directory in which the subject is revoked. */
async function revokeAndStop(): Promise<void> {
  await using router = await start();
  expect(await revoke(router)).toMatchObject({ status: 200, durable: true });
}

describe('a router that starts', () => {
  test.each(['', 'state'])('refuses a STATE_DIR that is a file, or is below a file: %j', async (below) => {
    const taken = join(directory.path, 'taken');
    await writeFile(taken, 'mine');
    state = join(taken, below);
    await expect(start()).rejects.toThrow(
      `turn-router cannot run: STATE_DIR: cannot write in ${JSON.stringify(state)} (ENOTDIR): expected a path to a directory, not to a file`,
    );
    expect(await readFile(taken, 'utf8')).toBe('mine');
  });

  test('leaves no file of its check in STATE_DIR', async () => {
    await using router = await start();
    expect((await readdir(state)).filter((name) => name.startsWith('start-'))).toEqual([]);
    expect(await answerTo(router)).toBe(200);
  });
});

describe('a router without Redis', () => {
  test('keeps refusing a revoked caller if the last byte of the revocations is missing', async () => {
    await revokeAndStop();
    await truncate(file, (await readFile(file)).length - 1);
    await using router = await start();
    expect(await answerTo(router)).toBe('revoked');
  });

  test('refuses all callers if both copies are damaged, until an operator accepts that the list is lost', async () => {
    await revokeAndStop();
    await truncate(file, 5);
    await truncate(`${file}.copy`, 0);
    const before = await Promise.all([readFile(file), readFile(`${file}.copy`)]);
    await using router = await start();
    expect(await answerTo(router)).toBe('revocations_unknown');
    const readyz = await fetch(`${router.url}/readyz`);
    expect([readyz.status, await readyz.json()]).toMatchObject([
      503,
      { ready: false, reasons: ['revocations_incomplete'] },
    ]);
    expect(await metric(router, 'turn_router_revocations_incomplete')).toBe('1');
    await logged(router, '"event":"revocations.incomplete"');
    expect(router.output()).toContain('“If the list of revocations is incomplete” in apps/router/docs/revocation.md');
    expect(await Promise.all([readFile(file), readFile(`${file}.copy`)])).toEqual(before);
    await rm(file);
    await rm(`${file}.copy`);
    await eventually('the router to answer', async () => (await answerTo(router)) === 200);
    expect((await fetch(`${router.url}/readyz`)).status).toBe(200);
    expect(await metric(router, 'turn_router_revocations_incomplete')).toBe('0');
  });

  test('reads a file of the released form, and keeps refusing if its last byte is missing', async () => {
    await writeFile(file, JSON.stringify({ [subject]: '{"at_ms":1,"turn_users":[]}' }));
    {
      await using router = await start();
      expect(await answerTo(router)).toBe('revoked');
    }
    await rm(`${file}.copy`, { force: true });
    await writeFile(file, JSON.stringify({ [subject]: '{"at_ms":1,"turn_users":[]}' }).slice(0, -1));
    await using router = await start();
    expect(await answerTo(router)).toBe('revocations_unknown');
  });
});

const filler = () => join(state, 'filler');

const fillDisk = () => writeFile(filler(), Buffer.alloc(1_048_576)).catch(() => undefined);

/** Only root may mount a file system of a few KiB. */
const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

describeAsRoot('a router without Redis whose disk is full', () => {
  beforeEach(async () => {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'turn-router-test', state]);
  });
  afterEach(async () => {
    await run('umount', [state]);
  });

  test('says that a revocation is not on disk, and writes it when there is space', async () => {
    await using router = await start();
    await fillDisk();
    expect(await revoke(router)).toMatchObject({ status: 200, durable: false });
    expect([await answerTo(router), await isUnsaved(router)]).toEqual(['revoked', true]);
    await logged(router, '"event":"revocations.save_failed"');
    await rm(filler());
    await eventually('the revocation to be on disk', async () => !(await isUnsaved(router)));
    await kill(router);
    await using after = await start();
    expect(await answerTo(after)).toBe('revoked');
    const lifted = await lift(after);
    expect(lifted.status).toBe(204);
  });

  test('lets no revoked caller in after a restart', async () => {
    {
      await using router = await start();
      await fillDisk();
      expect(await revoke(router)).toMatchObject({ status: 200, durable: false });
      await kill(router);
    }
    await using after = await start();
    expect(await answerTo(after)).toBe('revocations_unknown');
    await logged(after, '"event":"revocations.incomplete"');
    const names = await readdir(state);
    expect(names.filter((name) => name.startsWith('revocations.json.unsaved-'))).toHaveLength(1);
  });

  test('says that a lift is not on disk', async () => {
    await using router = await start();
    await revoke(router);
    await fillDisk();
    const lifted = await lift(router);
    expect([lifted.status, await lifted.json()]).toEqual([200, { subject, durable: false }]);
    expect(await answerTo(router)).toBe(200);
    await rm(filler());
    await eventually('the lift to be on disk', async () => !(await isUnsaved(router)));
    const copy = join(directory.path, 'copy');
    await cp(state, copy, { recursive: true });
    expect(await readFile(join(copy, 'revocations.json'), 'utf8')).not.toContain('address:');
  });
});
