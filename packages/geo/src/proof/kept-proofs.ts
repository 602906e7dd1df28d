import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../system-error-code.ts';
import { type GeoProofs, verifierVersion } from './geo-proofs.ts';
import { writeVerdict, type VerdictFile } from './write-verdict.ts';

/** Do not follow a symbolic link, and do not wait for a named pipe. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Write permission of the group and of all others. */
const writableByOthers = 0o022;

export type KeptProofsOptions = {
  /** A folder that holds only verdicts. It is created with the first one. */
  readonly directory: string;
  /** The user id of this process. Default: the effective user id from the system. */
  readonly userId?: number | undefined;
  /** Called when a stored verdict is not trusted, so the file is verified again. Must not throw. */
  readonly onVerdictIgnored?: (reason: string) => void;
  /** Called when a verdict cannot be written, so the next start verifies the file again. Must not throw. */
  readonly onNotKept?: (reason: string) => void;
};

/**
 * Stores the verdicts on sound files in a folder. Each verdict is a small file, named by the digest of the verified bytes.
 *
 * The content of the folder is untrusted. A verdict is trusted only if this user owns it and its folder, no other user can write to either,
 * and its bytes equal those that this version of the verifier writes for this digest. Nothing is parsed: a damaged verdict and a verdict of
 * another version or file are ignored, and the GeoIP file is verified again.
 *
 * The security depends on the owner, the permissions and SHA-256. Only this user and root can forge a verdict, and both can stop this process
 * and read its secrets anyway. A forged verdict cannot make the router read another file or return other places. It lets the router accept a
 * malformed file, whose lookups may then fail or take long.
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

/** Returns the reason why a stored verdict is not trusted, or undefined if it is trusted. */
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
    if (stats.size !== expected.length) return 'is damaged or of another version';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(expected.length), 0, expected.length, 0);
    return bytesRead === expected.length && buffer.equals(expected) ? undefined : 'is damaged or of another version';
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
