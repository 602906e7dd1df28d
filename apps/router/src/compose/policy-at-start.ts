import { join } from 'node:path';
import type { SnapshotFault } from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { PolicyStart } from '../policy/watch-policy.ts';
import { fieldsOfFault, openSavedHash, type SavedHashParts } from '../callers/saved-hash.ts';
import { hashFromKept, keptFromHash, type KeptPolicy } from '../policy/kept-policy.ts';

export type KeptPolicyPlace = {
  /** Undefined: no policy is kept. */
  readonly stateDir: string | undefined;
  /** Whether this process writes the files. If there are several processes, one writes them and all read them. */
  readonly writes: boolean;
};

/** Opens the last good policy in STATE_DIR, and logs its faults. */
export async function openKeptPolicyOf(
  { stateDir, writes }: KeptPolicyPlace,
  parts: SavedHashParts,
): Promise<KeptPolicy> {
  const { logger } = parts;
  let damage: SnapshotFault | undefined;
  const saved = await openSavedHash(
    {
      name: 'policy-in-force',
      stateDir,
      writes,
      // A start with an older policy is as safe as one with the newest, and safer than one without a policy.
      isUnsafe: () => false,
      onFault: ({ code, detail }) =>
        logger.warn(
          { event: 'policy.save_failed', fault: code, detail },
          'cannot write the policy to STATE_DIR: the stored copy is outdated',
        ),
      onIncomplete: (fault) => (damage = fault),
    },
    parts,
  );
  const content = saved.content();
  const restored = content === undefined ? undefined : keptFromHash(content);
  if (content !== undefined && restored === undefined) {
    damage = { code: 'truncated', detail: 'the hash does not match the text' };
  }
  if (stateDir !== undefined && restored === undefined && damage !== undefined) {
    logger.error(
      {
        event: 'policy.copy_damaged',
        ...fieldsOfFault(damage),
        file: join(stateDir, 'policy-in-force.json'),
      },
      'both stored copies of the policy are damaged: the router cannot tell whether the policy file is weaker; check residency and limits',
    );
  }
  return {
    restored,
    keep: (kept) => saved.use(hashFromKept(kept)),
    [Symbol.asyncDispose]: () => saved[Symbol.asyncDispose](),
  };
}

/** Logs the hash of the policy in force, and whether it is the kept policy. */
export function logPolicyAtStart(
  { inForce: { sha256 }, refusal, keptFault }: PolicyStart,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Pick<Metrics, 'countReload'> },
): void {
  if (keptFault !== undefined) {
    logger.error(
      { event: 'policy.copy_damaged', faults: keptFault.message.split('\n') },
      'the stored policy is invalid in this version: the router cannot tell whether the policy file is weaker; check residency and limits',
    );
  }
  if (refusal === undefined) {
    logger.info({ event: 'policy.in_force', sha256 }, 'policy is in force');
    return;
  }
  metrics.countReload('policy', 'refused');
  logger.error(
    { event: 'policy.kept_in_force', sha256, faults: refusal.message.split('\n') },
    'policy file is unusable: serving by the last good policy from STATE_DIR',
  );
}
