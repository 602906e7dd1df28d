import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What a look at a file sees. */
export type FileState = {
  /** Differs after each change of the content, and if the path leads to another file, by a rename or a symbolic link. */
  readonly id: string;
  /** Unix time of the last change, ms; 0 if the file cannot be looked at. */
  readonly changedAtMs: number;
};

/** Looks at a file without opening it. This works even if the process has no file descriptor left. */
export async function lookAtFile(path: string): Promise<FileState> {
  try {
    return stateFromStats(await stat(path, { bigint: true }));
  } catch (error) {
    return { id: `unreadable: ${systemCode(error)}`, changedAtMs: 0 };
  }
}

/** The status change time detects a change after which a tool has set the old modification time. */
export function stateFromStats({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): FileState {
  const changedAtNs = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return { id: [dev, ino, size, mtimeNs, ctimeNs].join(':'), changedAtMs: Number(changedAtNs / 1_000_000n) };
}

/** Returns the code of a system error, such as `EMFILE`. */
export function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
}
