import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders of libfaketime in Debian, Ubuntu, Fedora and Arch. */
const libraryFolders = [
  '/usr/lib/x86_64-linux-gnu/faketime',
  '/usr/lib/aarch64-linux-gnu/faketime',
  '/usr/lib64/faketime',
  '/usr/lib/faketime',
];

export type FakeTime = {
  /** The environment of the process whose wall clock is stepped. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sets how far the process's wall clock is ahead of the machine's clock, seconds. The monotonic clock never steps. */
  readonly shift: (seconds: number) => Promise<void>;
};

/**
 * Creates a wall clock that can be stepped while a process runs. It uses libfaketime.
 *
 * @throws Error when the machine has no libfaketime
 */
export async function createFakeTime(directory: string): Promise<FakeTime> {
  // The MT library is for programs with threads.
  const library = libraryFolders.map((folder) => join(folder, 'libfaketimeMT.so.1')).find((path) => existsSync(path));
  if (library === undefined)
    throw new Error('libfaketimeMT.so.1 is missing: install libfaketime (on Debian: apt-get install faketime)');
  const file = join(directory, 'faketime');
  const shift = (seconds: number) => writeFile(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  await shift(0);
  return {
    environment: {
      // The C library must be preloaded too. Otherwise Redis' jemalloc reads the time while libfaketime allocates memory from it, and Redis crashes.
      LD_PRELOAD: `${library} libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: file,
      // libfaketime reads the file again after this many seconds.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    shift,
  };
}
