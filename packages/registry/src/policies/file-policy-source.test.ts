import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { openFilePolicySource } from './file-policy-source.ts';
import { policySourceContract, type PolicySourceSubject } from './policy-source.contract.ts';
import { PolicySourceError } from './policy-source.ts';

async function open(text: string): Promise<PolicySourceSubject & { readonly path: string }> {
  const directory = await temporaryDirectory('policy');
  const path = join(directory.path, 'policy.yaml');
  await writeFile(path, text);
  const source = openFilePolicySource(path, { nowMs: () => 7, wait: () => Promise.resolve() });
  // A text becomes a version only when it is read.
  await source.current();
  return {
    path,
    source,
    nowMs: 7,
    put: (next) => writeFile(path, next),
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

describe('a policy in a file', () => {
  policySourceContract(open);

  test('is only changed in the file', async () => {
    await using subject = await open('one');
    expect(await subject.source.activate(1, { text: 'two', actor: 'admin:operator', reason: 'a test' })).toEqual({
      ok: false,
      why: 'read_only',
      detail: `The policy is kept in ${subject.path}: change it there`,
    });
    expect(await subject.source.current()).toMatchObject({ version: 1, text: 'one', actor: undefined });
  });

  test('cannot be read while it is missing, and has the same version when it is back', async () => {
    await using subject = await open('one');
    await rm(subject.path);
    for (const reading of [subject.source.current(), subject.source.history()]) {
      await expect(reading).rejects.toThrow(PolicySourceError);
      await expect(reading).rejects.toThrow(`${subject.path}: cannot be read (ENOENT)`);
    }
    await writeFile(subject.path, 'one');
    expect(await subject.source.current()).toMatchObject({ version: 1 });
  });
});
