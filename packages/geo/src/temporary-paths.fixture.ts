import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type TemporaryDirectory, temporaryDirectory } from '@turn-router/testing';

/** A directory as long as the tests of one file. @returns the path of a name in it */
export function temporaryPaths(): (name: string) => string {
  let directory: TemporaryDirectory | undefined;
  beforeAll(async () => {
    directory = await temporaryDirectory('geo');
  });
  afterAll(async () => directory?.[Symbol.asyncDispose]());
  return (name) => join(directory?.path ?? '', name);
}
