import { createHash } from 'node:crypto';
import type { PolicyVersion } from './policy-source.ts';

/** The number of versions that are kept. If there are more, the oldest are dropped. */
const versionsMax = 20;

/** Numbers the versions of one process. */
export interface PolicyVersions {
  /** Newest first. */
  readonly all: () => readonly PolicyVersion[];
  readonly newest: () => PolicyVersion | undefined;
  readonly add: (version: Pick<PolicyVersion, 'text' | 'actor' | 'reason'>) => PolicyVersion;
}

/** @param nowMs Unix time, ms */
export function createPolicyVersions(nowMs: () => number): PolicyVersions {
  let versions: readonly PolicyVersion[] = [];
  return {
    all: () => versions,
    newest: () => versions[0],
    add({ text, actor, reason }) {
      const added = {
        version: (versions[0]?.version ?? 0) + 1,
        text,
        sha256: createHash('sha256').update(text).digest('hex'),
        appliedAtMs: nowMs(),
        actor,
        reason,
      };
      versions = [added, ...versions].slice(0, versionsMax);
      return added;
    },
  };
}
