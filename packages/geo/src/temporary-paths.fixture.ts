import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type TemporaryDirectory, temporaryDirectory } from '@turn-router/testing';

/** Creates a directory for the tests of one file. @returns a function from a name to its path in the directory */
export function temporaryPaths(): (name: string) => string {
  let directory: TemporaryDirectory | undefined;
  beforeAll(async () => {
    directory = await temporaryDirectory('geo');
  });
  afterAll(async () => directory?.[Symbol.asyncDispose]());
  return (name) => join(directory?.path ?? '', name);
}
