import { execFile } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@turn-router/testing';

/** Only root can mount a disk of a few KiB, give a file to another user and act as a user whom file modes stop. */
export const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const run = promisify(execFile);

export type Dice = (below: number) => number;

/** A disk of 64 KiB with the state directory of routers. Without root: a folder of the usual disk. */
export type SmallDisk = AsyncDisposable & {
  /** The state directory. */
  readonly state: string;
  readonly empty: () => Promise<void>;
  readonly fill: () => Promise<void>;
  readonly free: () => Promise<void>;
  /** Damages one of the two copies of the list of revocations. */
  readonly damage: (dice: Dice) => Promise<void>;
};

/** Mounts the disk. From then on, the process acts as a user without rights if it is run by root. */
export async function mountSmallDisk(): Promise<SmallDisk> {
  const directory = await temporaryDirectory('state-torture');
  if (isRoot) await letOthersReach(directory.path);
  const disk = join(directory.path, 'disk');
  await mkdir(disk);
  if (isRoot) {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0777', 'turn-router-test', disk]);
    process.seteuid?.(nobody);
  }
  const state = join(disk, 'state');
  const file = join(state, 'revocations.json');
  const copies = [file, `${file}.copy`] as const;
  const filler = join(disk, 'filler');
  const faults = faultsOf(copies);
  return {
    state,
    async empty() {
      for (const name of await readdir(disk)) await rm(join(disk, name), { recursive: true, force: true });
    },
    fill: () => writeFile(filler, Buffer.alloc(131_072)).catch(() => undefined),
    free: () => rm(filler, { force: true }),
    async damage(dice) {
      const path = copies[dice(2)] ?? '';
      // The file may be missing, or be a directory from the last fault.
      await faults[dice(faults.length)]?.(path, dice).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      if (isRoot) {
        process.seteuid?.(0);
        await run('umount', [disk]);
      }
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** Lets other users reach the folder, through all of its parents. */
export async function letOthersReach(path: string): Promise<void> {
  await chmod(path, (await stat(path)).mode | 0o111);
  const parent = dirname(path);
  if (parent !== dirname(parent)) await letOthersReach(parent);
}

const faultsOf = (copies: readonly string[]): readonly ((path: string, dice: Dice) => Promise<unknown>)[] => [
  // Torn at any byte.
  async (path, dice) => truncate(path, dice((await lstat(path)).size)),
  // An operator who deletes both copies wants an empty list.
  (path) => lstat(copies.find((other) => other !== path) ?? '').then(() => rm(path, { recursive: true })),
  (path) => rm(path, { recursive: true }).then(() => mkdir(path)),
  ...(isRoot ? [(path: string) => asRoot(() => chown(path, 1, 1))] : []),
];

/** Does something that only root may do. */
async function asRoot(task: () => Promise<unknown>): Promise<void> {
  process.seteuid?.(0);
  try {
    await task();
  } finally {
    process.seteuid?.(nobody);
  }
}

export const asRootIfRoot = (task: () => Promise<unknown>) => (isRoot ? asRoot(task) : task());
