import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';
import { type GeoProofs, verifierVersion } from './geo-proofs.ts';
import { writeVerdict, type VerdictFile } from './write-verdict.ts';

/** A symbolic link is not followed, and a named pipe is not waited for. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Write permission of the group and of everybody. */
const writableByOthers = 0o022;

export type KeptProofsOptions = {
  /** A folder for verdicts alone, made when the first one is written. */
  readonly directory: string;
  /** The user that this process runs as. Default: asked of the system. */
  readonly userId?: number | undefined;
  /** A verdict that is there is not believed, so that the file is proved anew. Must not throw. */
  readonly onDisbelieved?: (reason: string) => void;
  /** A verdict could not be written, so that the next start proves the file anew. Must not throw. */
  readonly onNotKept?: (reason: string) => void;
};

/**
 * Keeps the verdicts on sound files in a folder: one small file each, named by the digest of the bytes that were proved.
 *
 * What is read there is untrusted. A verdict is believed only if this user owns it and its folder, nobody else may write to
 * either, and it is to the byte what this version of the verifier writes for this digest. Nothing is parsed: a damaged verdict,
 * one of another version and one of another file are all not believed, and the file is proved anew.
 *
 * The security rests on the owner and the permissions, and on SHA-256. Only this user and root can forge a verdict, and both can
 * stop this process and read its secrets anyway. A forged verdict cannot make the router read another file or tell other places: it lets a malformed
 * file be taken, whose lookups may then fail or take long.
 */
export function keepProofsIn(options: KeptProofsOptions): GeoProofs {
  const { directory, userId = process.geteuid?.() } = options;
  return {
    async verdictOn(digest, prove) {
      const path = join(directory, `${digest}.json`);
      const content = `${JSON.stringify({ verdict: 'sound', verifier: verifierVersion, sha256: digest })}\n`;
      const disbelief = await findDisbelief({ directory, path, content }, userId);
      if (disbelief === undefined) return { sound: true };
      if (disbelief !== 'absent') options.onDisbelieved?.(`${path}: ${disbelief}`);

      const verdict = await prove();
      if (verdict.sound) {
        const fault = await writeVerdict({ directory, path, content }, userId);
        if (fault !== undefined) options.onNotKept?.(`${directory}: ${fault}`);
      }
      return verdict;
    },
  };
}

/** Why the verdict is not believed; undefined: it is. */
async function findDisbelief(
  { directory, path, content }: VerdictFile,
  userId: number | undefined,
): Promise<string | undefined> {
  try {
    const folder = await lstat(directory);
    if (!folder.isDirectory()) return 'its folder is something else';
    const folderFault = findAccessFault(folder, userId);
    if (folderFault !== undefined) return `its folder ${folderFault}`;

    await using file = await open(path, readFlags);
    const stats = await file.stat();
    if (!stats.isFile()) return 'is not a regular file';
    const fault = findAccessFault(stats, userId);
    if (fault !== undefined) return fault;
    const expected = Buffer.from(content);
    if (stats.size !== expected.length) return 'is damaged, or of another version';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(expected.length), 0, expected.length, 0);
    return bytesRead === expected.length && buffer.equals(expected) ? undefined : 'is damaged, or of another version';
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' ? 'absent' : `cannot be read (${code ?? String(error)})`;
  }
}

function findAccessFault({ uid, mode }: Stats, userId: number | undefined): string | undefined {
  if (userId === undefined) return 'may be anybody’s: this system has no user ids';
  if (uid !== userId) return 'belongs to another user';
  return (mode & writableByOthers) === 0 ? undefined : 'may be written to by other users';
}
