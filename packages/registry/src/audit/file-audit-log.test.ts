import { appendFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { describeAuditLog } from './audit-log.contract.ts';
import { createFileAuditLog } from './file-audit-log.ts';

const event = { actor: 'router:a', action: 'policy.changed', subject: 'policy' } as const;
const everything = { sinceMs: 0, limit: 1_000 };
const nowMs = () => 1_795_248_000_000;

let directory: TemporaryDirectory;
let files = 0;
beforeAll(async () => {
  directory = await temporaryDirectory('audit');
});
afterAll(async () => directory[Symbol.asyncDispose]());
const newPath = () => join(directory.path, `state-${(files += 1)}`, 'audit.jsonl');

describeAuditLog('a file', () => {
  const path = newPath();
  const log = createFileAuditLog(path, nowMs);
  return Promise.resolve({
    log,
    spoil: () => appendFile(path, '{"id":"1-0","actor":"x'),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  });
});

describe('the audit log in a file', () => {
  test('has one line of JSON per entry, and is readable by its owner only', async () => {
    const path = newPath();
    await using log = createFileAuditLog(path, nowMs);
    await log.append(event);
    await log.append(event);
    expect((await readFile(path, 'utf8')).split('\n')).toEqual([
      JSON.stringify({ id: '1795248000000-0', ...event }),
      JSON.stringify({ id: '1795248000000-1', ...event }),
      '',
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('continues after a restart: ids grow, and states are known', async () => {
    const path = newPath();
    await using before = createFileAuditLog(path, nowMs);
    await before.append(event, { of: 'policy', is: 'abc' });
    await before.append({ ...event, action: 'node.draining' }, { of: 'node', is: 'draining', lastsMs: 1_000 });
    await using after = createFileAuditLog(path, () => nowMs() - 500);
    expect(await after.append(event, { of: 'policy', is: 'abc' })).toBe(false);
    expect(
      await after.append({ ...event, action: 'node.draining' }, { of: 'node', is: 'draining', lastsMs: 1_000 }),
    ).toBe(false);
    expect(await after.append(event, { of: 'policy', is: 'def' })).toBe(true);
    expect((await after.read(everything)).entries.map(({ id }) => id)).toEqual([
      '1795248000000-2',
      '1795248000000-1',
      '1795248000000-0',
    ]);
  });

  test('may be moved while entries are written', async () => {
    const path = newPath();
    await using log = createFileAuditLog(path, nowMs);
    await log.append({ ...event, subject: 'a' });
    await rename(path, `${path}.1`);
    await log.append({ ...event, subject: 'b' });
    expect((await log.read(everything)).entries.map(({ subject }) => subject)).toEqual(['b']);
  });

  test('rejects while its path is unusable, and recovers', async () => {
    const path = newPath();
    await mkdir(path, { recursive: true });
    await using log = createFileAuditLog(path, nowMs);
    const refusal = {
      name: 'RegistryError',
      code: 'unavailable',
      message: `${path}: cannot be read or written (EISDIR)`,
    };
    await expect(log.append(event)).rejects.toMatchObject(refusal);
    await expect(log.read(everything)).rejects.toMatchObject(refusal);
    await rename(path, `${path}.1`);
    expect(await log.append(event)).toBe(true);
  });
});
