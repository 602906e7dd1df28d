import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { systemCode } from '../snapshot-store/snapshot-fault.ts';
import { PolicySourceError, type PolicySource, type PolicyVersion } from './policy-source.ts';
import { createPolicyVersions } from './policy-versions.ts';

/** How often the file is looked at, ms: a change is in force within two seconds. */
const lookIntervalMs = 1_000;

/**
 * The policy in a file that people or their tools write. Its versions are the texts that this process has read from it, a text that comes back
 * as a new version. It is never written: whoever keeps the policy in a file changes the file.
 *
 * @param nowMs Unix time, ms
 */
export function openFilePolicySource(path: string, nowMs: () => number): PolicySource {
  const versions = createPolicyVersions(nowMs);

  async function current(): Promise<PolicyVersion> {
    let text;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      throw new PolicySourceError(`${path}: cannot be read (${systemCode(cause) ?? 'unreadable'})`, { cause });
    }
    const newest = versions.newest();
    return newest?.text === text ? newest : versions.add({ text, actor: undefined, reason: undefined });
  }

  return {
    place: path,
    current,
    async history() {
      await current();
      return versions.all();
    },
    activate: () =>
      Promise.resolve({ ok: false, why: 'read_only', detail: `The policy is kept in ${path}: change it there` }),
    onChange(changed) {
      // By looking and not by notification: that also sees bind mounts and swapped links.
      watchFile(path, { interval: lookIntervalMs, persistent: false }, changed);
      return { [Symbol.dispose]: () => unwatchFile(path, changed) };
    },
  };
}
