import type { AuditTrail } from '@turn-router/registry';
import { watchDrains, type DrainableNode } from './watch-drains.ts';

/**
 * The same event of a node (draining, drained or returned) is recorded only once within this time, ms. If the time is longer: a drain is missed if
 * no router saw the return of the node before it. If it is shorter: a router that was cut off from Redis repeats what other routers have recorded.
 */
const repeatAfterMs = 3_600_000;

/**
 * After the first router has seen a change, all routers have seen and recorded it within this time, ms. Routers read the registry more than once a
 * second, and write within another second. If the time is longer: two drains of a node within this time are recorded as one drain.
 */
const settlesMs = 5_000;

/** Records in the audit log when a node drains, is drained, and returns. All routers together record each event once. */
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
