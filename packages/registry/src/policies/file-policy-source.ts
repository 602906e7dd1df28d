import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { systemCode } from '../snapshot-store/snapshot-fault.ts';
import { PolicySourceError, type PolicySource, type PolicyVersion } from './policy-source.ts';
import { createPolicyVersions } from './policy-versions.ts';

/** Time between two checks of the file, ms. A change takes effect within two seconds. */
const pollIntervalMs = 1_000;

/**
 * Opens a policy file that people or their tools edit. Each different text that this process reads becomes a new version, even when an older
 * text returns. The source is read-only.
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
      // Polling also detects changes of bind mounts and replaced symbolic links. File notifications miss these changes.
      watchFile(path, { interval: pollIntervalMs, persistent: false }, changed);
      return { [Symbol.dispose]: () => unwatchFile(path, changed) };
    },
  };
}
