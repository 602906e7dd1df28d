import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { PolicyStart } from '../policy/watch-policy.ts';
import { openKeptPolicy, type KeptPolicy } from '../policy/kept-policy.ts';

/** Opens the last good policy in STATE_DIR, and logs its faults. */
export function openKeptPolicyOf(stateDir: string | undefined, writes: boolean, logger: Logger): Promise<KeptPolicy> {
  return openKeptPolicy({
    stateDir,
    writes,
    onFault: (error) =>
      logger.warn(
        { event: 'policy.save_failed', err: error },
        'cannot write the policy to STATE_DIR: the stored copy is outdated',
      ),
    onDamaged: (path) =>
      logger.warn(
        { event: 'policy.copy_damaged', file: path },
        'stored copy of the policy is damaged: moved it aside and ignoring it',
      ),
  });
}

/** Logs the hash of the policy in force, and whether it is the kept policy. */
export function logPolicyAtStart(
  { inForce: { sha256 }, refusal }: PolicyStart,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Pick<Metrics, 'countReload'> },
): void {
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
