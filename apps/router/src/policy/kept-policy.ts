import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The name of the file in STATE_DIR. */
export const keptPolicyFile = 'policy-in-force.json';

/** Maximum file size, bytes. The policy has at most 1 MiB, and JSON needs at most six bytes for each of its bytes. */
const fileMaxBytes = 6_400_000;

/** Time until a failed write is tried again, ms. */
const retryAfterMs = 5_000;

const fileSchema = z.strictObject({ sha256: z.string(), text: z.string() });

export type KeptText = z.output<typeof fileSchema>;

/** The last good policy on disk. A start uses it if POLICY_FILE is unusable. */
export interface KeptPolicy extends AsyncDisposable {
  /** The text as it was kept; undefined if there is none or it is damaged. */
  readonly restored: KeptText | undefined;
  /** Keeps the text in the background. A failed write is tried again until it succeeds, or until a newer text replaces it. */
  readonly keep: (kept: KeptText) => void;
}

export type KeptPolicyOptions = {
  /** Undefined: no policy is kept. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the file. If there are several processes, one writes it and all read it. */
  readonly writes: boolean;
  /** Called once for each text that cannot be written at first. */
  readonly onFault: (error: unknown) => void;
  /** The file is damaged. It was renamed to `<name>.damaged`. */
  readonly onDamaged: (path: string) => void;
};

export async function openKeptPolicy({ stateDir, writes, onFault, onDamaged }: KeptPolicyOptions): Promise<KeptPolicy> {
  if (stateDir === undefined) return { restored: undefined, keep() {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  const path = join(stateDir, keptPolicyFile);
  const restored = await restore(path, onDamaged);
  let onDisk = restored?.sha256;
  let wanted: KeptText | undefined;
  let writing: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  /** The hash of the text whose failed write was reported. */
  let reported: string | undefined;

  /** Writes the text, and then any newer text that came meanwhile. */
  async function write(next: KeptText): Promise<void> {
    try {
      if (next.sha256 !== onDisk) await replaceFile(path, JSON.stringify(next));
      onDisk = next.sha256;
    } catch (error) {
      if (reported !== next.sha256) onFault(error);
      reported = next.sha256;
      retry = setTimeout(start, retryAfterMs).unref();
      return;
    }
    if (wanted !== undefined && wanted !== next) await write(wanted);
  }
  function start(): void {
    clearTimeout(retry);
    if (wanted !== undefined) writing ??= write(wanted).finally(() => (writing = undefined));
  }

  return {
    restored,
    keep(kept) {
      if (!writes) return;
      wanted = kept;
      start();
    },
    async [Symbol.asyncDispose]() {
      await writing;
      clearTimeout(retry);
    },
  };
}

async function restore(path: string, onDamaged: (path: string) => void): Promise<KeptText | undefined> {
  let text;
  try {
    text = (await stat(path)).size > fileMaxBytes ? '' : await readFile(path, 'utf8');
  } catch {
    // There is no file, or it cannot be read now. It stays as it is.
    return undefined;
  }
  const kept = parseKept(text);
  if (kept !== undefined) return kept;
  try {
    await rename(path, `${path}.damaged`);
  } catch {
    // The next write replaces the file.
  }
  onDamaged(path);
  return undefined;
}

function parseKept(text: string): KeptText | undefined {
  try {
    const kept = fileSchema.parse(JSON.parse(text));
    return createHash('sha256').update(kept.text).digest('hex') === kept.sha256 ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the file atomically and durably. */
async function replaceFile(path: string, text: string): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const temporaryPath = `${path}.tmp`;
  {
    await using file = await open(temporaryPath, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(temporaryPath, path);
  await using folder = await open(directory);
  await folder.sync();
}
