import { FileError, watchedFile, type WatchedFileClock } from '@turn-router/settings';
import { PolicySourceError, type PolicySource, type PolicyVersion } from './policy-source.ts';
import { createPolicyVersions } from './policy-versions.ts';

/** Maximum size of the policy, bytes. A larger file is not read. */
const policyMaxBytes = 1_048_576;

/**
 * Opens a policy file that people or their tools edit. Each different text that this process reads becomes a new version, even when an older
 * text returns. The source is read-only. A file that just changed is read when it stands still.
 */
export function openFilePolicySource(path: string, clock: WatchedFileClock): PolicySource {
  const versions = createPolicyVersions(clock.nowMs);
  const file = watchedFile(path, clock);

  async function current(): Promise<PolicyVersion> {
    let text;
    try {
      ({ text } = await file.readText(policyMaxBytes));
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause;
      throw new PolicySourceError(cause.message, { cause });
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
    onChange: file.watch,
  };
}
