import { createHash } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parsePolicy } from '@turn-router/settings';
import type { Policy } from '@turn-router/contract/policy';

/** The policy cannot be used; the message says why, a line for each fault. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
  /** Of the file, lower-case hex; undefined when it could not be read. */
  readonly sha256: string | undefined;

  constructor(message: string, { sha256, ...options }: ErrorOptions & { sha256?: string } = {}) {
    super(message, options);
    this.sha256 = sha256;
  }
}

/** A policy, and by which file it is known to be the same: its SHA-256, lower-case hex. */
export type ReadPolicy = { readonly policy: Policy; readonly sha256: string };

export type PolicyFileEvents = {
  readonly onPolicy: (read: ReadPolicy) => void;
  /** The file was changed to something unusable: the policy before it stays. */
  readonly onRefused: (error: PolicyFileError) => void;
};

/** How often the file is looked at, ms: a change is in force within two seconds. */
const lookIntervalMs = 1000;

/** @throws PolicyFileError */
export async function readPolicyFile(path: string): Promise<ReadPolicy> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new PolicyFileError(`${path}: cannot be read (${systemCode(cause)})`, { cause });
  }
  const parsed = parsePolicy(text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (parsed.ok) return { policy: parsed.policy, sha256 };
  const lines = parsed.faults.map(
    ({ line, field, detail }) => `${path}:${line}: ${field === '' ? '' : `${field}: `}${detail}`,
  );
  throw new PolicyFileError(lines.join('\n'), { sha256 });
}

/** Reads the file again whenever it changes, by looking and not by notification: that also sees bind mounts and swapped links. */
export function watchPolicyFile(path: string, events: PolicyFileEvents): Disposable {
  let reading = Promise.resolve();
  const reread = async () => {
    try {
      events.onPolicy(await readPolicyFile(path));
    } catch (error) {
      if (!(error instanceof PolicyFileError)) throw error;
      events.onRefused(error);
    }
  };
  const onChange = () => {
    reading = reading.then(reread);
  };
  watchFile(path, { interval: lookIntervalMs, persistent: false }, onChange);
  return { [Symbol.dispose]: () => unwatchFile(path, onChange) };
}

function systemCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable';
}
