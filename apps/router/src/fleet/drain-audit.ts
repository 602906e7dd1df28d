import type { AuditTrail } from '@turn-router/registry';
import { watchDrains, type DrainableNode } from './watch-drains.ts';

/**
 * The same event of a node (draining, drained or returned) is not recorded again within this time, ms. Longer: a drain is missed if no router
 * saw the return before it. Shorter: a router that was cut off from Redis repeats what the others have recorded.
 */
const repeatAfterMs = 3_600_000;

/**
 * Within this time after the first router, all routers have seen a change and recorded it, ms. They read the registry more than once a second,
 * and write within another second. Longer: two drains of a node within this time are recorded as one.
 */
const settlesMs = 5_000;

/** Records in the audit log when a node drains, is drained and returns; once for all routers. */
export function createDrainAudit(
  { record }: Pick<AuditTrail, 'record'>,
  actor: string,
): (nodes: readonly DrainableNode[]) => void {
  const watch = watchDrains();
  return (nodes) => {
    for (const { action, node } of watch(nodes)) {
      record({ actor, action, subject: node }, { of: `node/${node}`, is: action, lastsMs: repeatAfterMs, settlesMs });
    }
  };
}
