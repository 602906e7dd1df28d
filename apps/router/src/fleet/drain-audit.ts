import type { AuditTrail } from '@turn-router/registry';
import { watchDrains, type DrainableNode } from './watch-drains.ts';

/**
 * For how long a node that was said to drain, be gone or be back is not said to be that again, ms. Longer: a drain is missed after a return
 * that no router saw. Shorter: a router that was cut off from Redis says once more what the others have said.
 */
const nodeLastsMs = 3_600_000;

/**
 * All routers have seen a change this long after the first has, and said so, ms: they read the registry oftener than once a second, and
 * write within another. Longer: a node that is drained, brought back and drained again within the time is said to drain once.
 */
const settlesMs = 5_000;

/** Says which nodes drain, are gone and are back: once for all routers. */
export function createDrainAudit(
  { record }: Pick<AuditTrail, 'record'>,
  actor: string,
): (nodes: readonly DrainableNode[]) => void {
  const watch = watchDrains();
  return (nodes) => {
    for (const { action, node } of watch(nodes)) {
      record({ actor, action, subject: node }, { of: `node/${node}`, is: action, lastsMs: nodeLastsMs, settlesMs });
    }
  };
}
