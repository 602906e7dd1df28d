import { describe, expect, test } from '@jest/globals';
import { parseNodeReport } from '@turn-router/contract/registry';
import { temporaryDirectory } from '@turn-router/testing';
import fc from 'fast-check';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeRecord, nodeRecords } from './node-record.fixture.ts';
import { readSnapshotFile } from './read-snapshot-file.ts';
import { snapshotMaxBytes } from './snapshot-limits.ts';
import { writeSnapshotFile } from './write-snapshot-file.ts';

const savedAt = new Date('2026-11-21T08:00:00Z');
const snapshot = { records: nodeRecords(3), savedAt, serverId: 'run-1' };
const never = new AbortController().signal;

async function snapshotDirectory() {
  const directory = await temporaryDirectory('snapshot');
  const inside = (name: string): string => join(directory.path, name);
  return { inside, path: inside('registry.ndjson'), [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

describe('a snapshot file', () => {
  test('returns every report that a registry can hold', async () => {
    await using directory = await snapshotDirectory();
    const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
    const anyReport = fc
      .record(
        {
          status: fc.constantFrom('healthy', 'unhealthy', 'draining'),
          cpu: fc.double({ min: 0, max: 100, noNaN: true }),
          bandwidth_mbps: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
          port: fc.integer({ min: 1, max: 65_535 }),
          public_ip: fc.ipV4(),
          software: fc.string({ unit: 'binary', maxLength: 256 }),
          seq: fc.maxSafeNat(),
          probe: fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'xsmall' })),
        },
        { requiredKeys: ['status', 'cpu', 'bandwidth_mbps', 'port', 'public_ip'] },
      )
      .map((report) => parseNodeReport(JSON.stringify(report)))
      .filter((parsed) => parsed.ok)
      .map(({ report }) => report);
    const anyRecords = fc.uniqueArray(fc.record({ key: fc.record({ region: name, id: name }), report: anyReport }), {
      selector: ({ key }) => `${key.region}:${key.id}`,
    });
    const anySnapshot = fc.record({
      records: anyRecords,
      savedAt: fc.date({ noInvalidDate: true }),
      serverId: fc.option(fc.string(), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(anySnapshot, async (written) => {
        expect(await writeSnapshotFile(directory.path, written, never)).toBeUndefined();
        expect(await readSnapshotFile(directory.path)).toEqual({ ok: true, ...written, rejectedCount: 0 });
      }),
    );
  });

  test('is absent before the first write', async () => {
    await using directory = await snapshotDirectory();
    expect(await readSnapshotFile(directory.path)).toBeUndefined();
    expect(await readSnapshotFile(directory.inside('missing/registry.ndjson'))).toBeUndefined();
  });

  test('is detected as truncated at every byte', async () => {
    await using directory = await snapshotDirectory();
    await writeSnapshotFile(directory.path, snapshot, never);
    const { size } = await stat(directory.path);
    const codes = new Set<string>();
    for (let bytes = size - 1; bytes >= 0; bytes -= 1) {
      await truncate(directory.path, bytes);
      const parsed = await readSnapshotFile(directory.path);
      codes.add(parsed === undefined || parsed.ok ? `read ${bytes} bytes of ${size}` : parsed.fault.code);
    }
    expect([...codes]).toEqual(['truncated']);
  });

  test('is readable by its owner only, in a created directory, without leftovers', async () => {
    await using directory = await snapshotDirectory();
    const path = directory.inside('state/deep/registry.ndjson');
    await writeSnapshotFile(path, snapshot, never);
    const modes = await Promise.all(
      [path, directory.inside('state'), directory.inside('state/deep')].map((at) => stat(at)),
    );
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o700, 0o700]);
    expect(await readdir(directory.inside('state/deep'))).toEqual(['registry.ndjson']);
  });

  test('removes leftovers of a crash after an hour, and restricts the permissions of the old file', async () => {
    await using directory = await snapshotDirectory();
    await writeFile(directory.path, 'old', { mode: 0o644 });
    for (const name of [`${directory.path}.tmp`, `${directory.path}.5f0c.tmp`]) {
      await writeFile(name, 'half', { mode: 0o644 });
      await utimes(name, new Date(), new Date(Date.now() - 3_700_000));
    }
    expect(await writeSnapshotFile(directory.path, snapshot, never)).toBeUndefined();
    expect((await stat(directory.path)).mode & 0o777).toBe(0o600);
    expect(await readSnapshotFile(directory.path)).toMatchObject({ ok: true, records: snapshot.records });
    expect(await readdir(directory.inside('.'))).toEqual(['registry.ndjson']);
  });

  test('stays the old one when a write is aborted', async () => {
    await using directory = await snapshotDirectory();
    await writeSnapshotFile(directory.path, snapshot, never);
    const fault = await writeSnapshotFile(directory.path, { ...snapshot, serverId: 'run-2' }, AbortSignal.abort());
    expect(fault).toEqual({ code: 'timeout', detail: 'ABORT_ERR' });
    expect(await readSnapshotFile(directory.path)).toMatchObject({ ok: true, serverId: 'run-1' });
    expect(await readdir(directory.inside('.'))).toEqual(['registry.ndjson']);
  });
});

describe('a snapshot file fails with a fault for', () => {
  test('a directory at its path', async () => {
    await using directory = await snapshotDirectory();
    await mkdir(directory.path);
    expect(await writeSnapshotFile(directory.path, snapshot, never)).toEqual({ code: 'not_a_file', detail: 'EISDIR' });
    const fault = { code: 'not_a_file', detail: 'expected a regular file' };
    expect(await readSnapshotFile(directory.path)).toEqual({ ok: false, fault });
    expect(await readdir(directory.inside('.'))).toEqual(['registry.ndjson']);
  });

  test.each(['file/registry.ndjson', 'file/deep/registry.ndjson'])(
    'a file among its parent directories: %s',
    async (name) => {
      await using directory = await snapshotDirectory();
      await writeFile(directory.inside('file'), '');
      const path = directory.inside(name);
      const fault = { code: 'not_a_directory', detail: 'ENOTDIR' };
      expect(await writeSnapshotFile(path, snapshot, never)).toEqual(fault);
      expect(await readSnapshotFile(path)).toEqual({ ok: false, fault });
    },
  );

  test('a named pipe without a writer', async () => {
    await using directory = await snapshotDirectory();
    await promisify(execFile)('mkfifo', [directory.path]);
    const fault = { code: 'not_a_file', detail: 'expected a regular file' };
    expect(await readSnapshotFile(directory.path)).toEqual({ ok: false, fault });
  });

  test('more bytes than the read limit', async () => {
    await using directory = await snapshotDirectory();
    await writeFile(directory.path, '');
    await truncate(directory.path, snapshotMaxBytes + 1);
    const fault = { code: 'too_large', detail: 'expected at most 67108864 bytes' };
    expect(await readSnapshotFile(directory.path)).toEqual({ ok: false, fault });
  });

  test('more bytes than the write limit', async () => {
    await using directory = await snapshotDirectory();
    const { key, report } = nodeRecord(1);
    const large = { key, report: { ...report, probe: { output: 'x'.repeat(4000) } } };
    const records = Array.from({ length: 16_000 }, () => large);
    const fault = await writeSnapshotFile(directory.path, { ...snapshot, records }, never);
    expect(fault).toMatchObject({ code: 'too_large' });
    expect(await readdir(directory.inside('.'))).toEqual([]);
  });

  test('another kind of file', async () => {
    await using directory = await snapshotDirectory();
    await writeFile(directory.path, '<html>\n'.repeat(1000));
    expect(await readSnapshotFile(directory.path)).toMatchObject({ ok: false, fault: { code: 'not_a_snapshot' } });
    expect(await readFile(directory.path, 'utf8')).toMatch('<html>');
  });
});
