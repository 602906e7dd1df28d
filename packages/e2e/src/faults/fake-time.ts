import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Debian's and Ubuntu's libfaketime, Fedora's and Arch's lie. */
const places = [
  '/usr/lib/x86_64-linux-gnu/faketime',
  '/usr/lib/aarch64-linux-gnu/faketime',
  '/usr/lib64/faketime',
  '/usr/lib/faketime',
];

export type FakeTime = {
  /** For the process whose wall clock is to be stepped. */
  readonly environment: Readonly<Record<string, string>>;
  /** From now on the process's wall clock is this far ahead of the machine's, seconds; its monotonic clock never steps. */
  readonly shift: (seconds: number) => Promise<void>;
};

/**
 * A wall clock that can be stepped while a process runs, by libfaketime.
 *
 * @throws Error when the machine has no libfaketime
 */
export async function createFakeTime(directory: string): Promise<FakeTime> {
  // The one for programs with threads.
  const library = places.map((place) => join(place, 'libfaketimeMT.so.1')).find((path) => existsSync(path));
  if (library === undefined) throw new Error('no libfaketimeMT.so.1; on Debian: apt-get install faketime');
  const file = join(directory, 'faketime');
  const shift = (seconds: number) => writeFile(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  await shift(0);
  return {
    environment: {
      // The C library too, before others: Redis' jemalloc asks for the time while libfaketime asks it for memory, which neither survives.
      LD_PRELOAD: `${library} libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: file,
      // The file is read again after this many seconds.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    shift,
  };
}
