import { describe, expect, test } from '@jest/globals';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@turn-router/testing';
import { faultFromError } from './snapshot-fault.ts';

const errorFrom = (call: Promise<unknown>): Promise<unknown> => call.then(() => undefined).catch((error) => error);

describe('faultFromError', () => {
  test.each([
    ['ENOSPC', 'no_space'],
    ['EDQUOT', 'no_space'],
    ['EROFS', 'read_only'],
    ['EACCES', 'no_permission'],
    ['EPERM', 'no_permission'],
    ['ENOTDIR', 'not_a_directory'],
    ['EISDIR', 'not_a_file'],
    ['ENXIO', 'not_a_file'],
    ['EFBIG', 'too_large'],
    ['ABORT_ERR', 'timeout'],
    ['EEXIST', 'other'],
  ])('%s is %s', (systemCode, code) => {
    expect(faultFromError({ code: systemCode, message: 'at /var/lib/secret' })).toEqual({ code, detail: systemCode });
  });

  test.each([undefined, null, 'ENOSPC', { code: 28 }, new TypeError('a fault of ours')])('%j is other', (error) => {
    expect(faultFromError(error)).toEqual({ code: 'other', detail: 'unknown' });
  });

  test('classifies real errors of the system', async () => {
    await using directory = await temporaryDirectory('snapshot');
    const file = join(directory.path, 'file');
    await writeFile(file, '');
    await using full = await open('/dev/full', 'w');
    const said = await Promise.all([
      errorFrom(full.writeFile('x')),
      errorFrom(mkdir(join(file, 'below'), { recursive: true })),
      errorFrom(writeFile(directory.path, '')),
      errorFrom(writeFile(file, 'x', { signal: AbortSignal.abort() })),
    ]);
    expect(said.map(faultFromError)).toEqual([
      { code: 'no_space', detail: 'ENOSPC' },
      { code: 'not_a_directory', detail: 'ENOTDIR' },
      { code: 'not_a_file', detail: 'EISDIR' },
      { code: 'timeout', detail: 'ABORT_ERR' },
    ]);
  });
});
