import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';
import { type GeoProofs, verifierVersion } from './geo-proofs.ts';
import { writeVerdict, type VerdictFile } from './write-verdict.ts';

/** Flags that do not follow a symbolic link, and do not wait for a named pipe. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Write permission of the group and of all others. */
const writableByOthers = 0o022;

export type KeptProofsOptions = {
  /** A folder that holds only check results. It is created when the first one is written. */
  readonly directory: string;
  /** The user id of this process. Default: the effective user id from the system. */
  readonly userId?: number | undefined;
  /** Called when a stored check result is not trusted. The file is then verified again. Must not throw. */
  readonly onVerdictIgnored?: (reason: string) => void;
  /** Called when a check result cannot be written. The next start then verifies the file again. Must not throw. */
  readonly onNotKept?: (reason: string) => void;
};

/**
 * Stores the check results of sound files in a folder. Each check result (a verdict in this code) is a small file. Its name is the digest
 * of the verified bytes.
 *
 * The content of the folder is untrusted. A check result is trusted only if this user owns it and its folder, and no other user can write
 * to the check result or the folder. Its bytes must also equal the bytes that this version of the verifier writes for this digest. Nothing
 * is parsed: a check result that is damaged, or from another version or file, is ignored. The GeoIP file is then verified again.
 *
 * The security depends on the owner, the permissions and SHA-256. Only this user and root can forge a check result. Both can stop this
 * process and read its secrets anyway. A forged check result cannot make the router read another file or return other places. It only lets
 * the router accept a malformed file, whose lookups may then fail or take long.
 */
export function keepProofsIn(options: KeptProofsOptions): GeoProofs {
  const { directory, userId = process.geteuid?.() } = options;
  return {
    async verdictOn(digest, prove) {
      const path = join(directory, `${digest}.json`);
      const content = `${JSON.stringify({ verdict: 'sound', verifier: verifierVersion, sha256: digest })}\n`;
      const distrust = await findDistrustReason({ directory, path, content }, userId);
      if (distrust === undefined) return { sound: true };
      if (distrust !== 'absent') options.onVerdictIgnored?.(`${path}: ${distrust}`);

      const verdict = await prove();
      if (verdict.sound) {
        const fault = await writeVerdict({ directory, path, content }, userId);
        if (fault !== undefined) options.onNotKept?.(`${directory}: ${fault}`);
      }
      return verdict;
    },
  };
}

/** Returns the reason why a stored check result is not trusted, or undefined if it is trusted. */
async function findDistrustReason(
  { directory, path, content }: VerdictFile,
  userId: number | undefined,
): Promise<string | undefined> {
  try {
    const folder = await lstat(directory);
    if (!folder.isDirectory()) return 'its folder is not a directory';
    const folderFault = findAccessFault(folder, userId);
    if (folderFault !== undefined) return `its folder ${folderFault}`;

    await using file = await open(path, readFlags);
    const stats = await file.stat();
    if (!stats.isFile()) return 'is not a regular file';
    const fault = findAccessFault(stats, userId);
    if (fault !== undefined) return fault;
    const expected = Buffer.from(content);
    if (stats.size !== expected.length) return 'is damaged or from another version of the verifier';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(expected.length), 0, expected.length, 0);
    return bytesRead === expected.length && buffer.equals(expected)
      ? undefined
      : 'is damaged or from another version of the verifier';
  } catch (error) {
    const code = systemErrorCode(error);
    return code === 'ENOENT' ? 'absent' : `cannot be read (${code ?? String(error)})`;
  }
}

function findAccessFault({ uid, mode }: Stats, userId: number | undefined): string | undefined {
  if (userId === undefined) return 'has no verifiable owner: this system has no user ids';
  if (uid !== userId) return 'belongs to another user';
  return (mode & writableByOthers) === 0 ? undefined : 'is writable for other users';
}
