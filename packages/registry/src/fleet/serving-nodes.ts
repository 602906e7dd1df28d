import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { ReportedChanges, ReportedNode } from '@turn-router/selection';
import type { NodeRecord } from '../nodes/node-registry.ts';
import type { ReportOrder } from '../trust/report-order.ts';
import type { VanishGuard } from '../trust/vanish-guard.ts';
import { createChangeLog } from './change-log.ts';

/** The nodes of one registry that may serve: the nodes that are in the registry, and the vanished nodes that are kept. */
export interface ServingNodes {
  /**
   * Takes a reading and the nodes that the guard keeps now.
   *
   * @param newest reports newer than the known ones
   * @param left the last reports of nodes that vanished from the registry
   */
  take(newest: readonly NodeRecord[], left: readonly NodeRecord[]): void;
  readonly all: () => readonly ReportedNode[];
  /** Returns a node by its name, `<region>/<id>`. */
  readonly named: (name: string) => ReportedNode | undefined;
  readonly size: () => number;
  readonly keptSize: () => number;
  /** Returns the changes since the last call; the first call returns every node. */
  readonly takeChanges: () => ReportedChanges;
  /** Increases with every change. */
  readonly version: () => number;
}

/** The trusted share of the capacity of a node that vanished from the registry and is kept. */
const keptShare = 0.5;

export function createServingNodes(
  order: Pick<ReportOrder, 'all' | 'newestOf' | 'size'>,
  guard: Pick<VanishGuard, 'kept'>,
): ServingNodes {
  const changes = createChangeLog();
  let kept: ReadonlyMap<string, ReportedNode> = new Map();
  let version = 0;

  function updateKept(left: readonly NodeRecord[]): void {
    const records = guard.kept();
    if (records.length === 0 && kept.size === 0 && left.length === 0) return;
    const before = kept;
    const hasLeft = new Set(left.map(({ key }) => nodeNameFromKey(key)));
    const now = new Map<string, ReportedNode>();
    for (const record of records) {
      const name = nodeNameFromKey(record.key);
      const known = before.get(name);
      const node = known ?? { ...record, trustedShare: keptShare };
      now.set(name, node);
      if (known !== undefined) continue;
      version += 1;
      if (hasLeft.has(name)) changes.retrust(node);
      // The node was already reported as gone. Since then so many other nodes have vanished that the guard keeps the node.
      else changes.report(node);
    }
    kept = now;
    for (const { key } of [...left, ...before.values()]) {
      const name = nodeNameFromKey(key);
      if (now.has(name)) continue;
      version += 1;
      if (order.newestOf(name) === undefined) changes.remove(key);
    }
  }

  return {
    take(newest, left) {
      for (const record of newest) changes.report(record);
      version += newest.length;
      updateKept(left);
    },
    all: () => [...order.all(), ...kept.values()],
    named: (name) => order.newestOf(name) ?? kept.get(name),
    size: () => order.size() + kept.size,
    keptSize: () => kept.size,
    takeChanges: changes.take,
    version: () => version,
  };
}
