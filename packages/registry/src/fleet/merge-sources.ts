import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { ReportedChanges, ReportedNode } from '@turn-router/selection';
import type { FleetSource } from './fleet-source.ts';

export type MergedNodes = {
  /** Returns every node that may serve, each once. */
  readonly nodes: () => readonly ReportedNode[];
  /** Returns the changes since the last call; the first call returns every node. */
  readonly takeChanges: () => ReportedChanges;
};

/**
 * Merges the nodes of several registries into one fleet. If a node is in several registries, fresh registries take precedence over others.
 * Among equals, the registry listed first takes precedence.
 */
export function mergeSources(sources: readonly FleetSource[]): MergedNodes {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return { nodes: only.nodes, takeChanges: only.takeChanges };

  /** The source from which each node was last reported. */
  const reportedFrom = new Map<string, { readonly source: FleetSource; readonly key: NodeKey }>();
  let lastOrder: readonly FleetSource[] = [];

  function freshFirst(): readonly FleetSource[] {
    return sources.toSorted((a, b) => Number(isFresh(b)) - Number(isFresh(a)));
  }

  return {
    nodes() {
      const order = freshFirst();
      const names = new Set(sources.flatMap((source) => source.nodes().map(({ key }) => nodeNameFromKey(key))));
      return [...names].flatMap((name) => findNode(name, order)?.node ?? []);
    },

    takeChanges() {
      const changed: ReportedNode[] = [];
      const retrusted: ReportedNode[] = [];
      const gone: NodeKey[] = [];
      const order = freshFirst();
      const isOtherOrder = order.some((source, index) => source !== lastOrder[index]);
      lastOrder = order;
      /** By node name, the sources in which the node has changed. */
      const touched = new Map<string, { readonly changed: FleetSource[]; readonly retrusted: FleetSource[] }>();
      const touch = (key: NodeKey) => {
        const name = nodeNameFromKey(key);
        const known = touched.get(name) ?? { changed: [], retrusted: [] };
        touched.set(name, known);
        return known;
      };
      for (const source of sources) {
        const changes = source.takeChanges();
        for (const { key } of changes.changed) touch(key).changed.push(source);
        for (const { key } of changes.retrusted) touch(key).retrusted.push(source);
        for (const key of changes.gone) touch(key);
      }
      // Another registry may take precedence now. This concerns every node that is in several registries.
      for (const [name, { key }] of isOtherOrder ? reportedFrom : []) {
        if (sources.filter((source) => source.nodeNamed(name) !== undefined).length > 1) touch(key);
      }
      for (const [name, changes] of touched) {
        const reported = reportedFrom.get(name);
        const found = findNode(name, order);
        if (found === undefined) {
          reportedFrom.delete(name);
          if (reported !== undefined) gone.push(reported.key);
          continue;
        }
        const { node, source } = found;
        if (reported?.source !== source || changes.changed.includes(source)) changed.push(node);
        else if (changes.retrusted.includes(source)) retrusted.push(node);
        reportedFrom.set(name, { source, key: node.key });
      }
      return { changed, retrusted, gone };
    },
  };
}

/**
 * Finds a node in the first source that has it. Sources in which the node is present come before sources that only keep the vanished node.
 */
function findNode(
  name: string,
  order: readonly FleetSource[],
): { readonly node: ReportedNode; readonly source: FleetSource } | undefined {
  let found: { readonly node: ReportedNode; readonly source: FleetSource } | undefined;
  for (const source of order) {
    const node = source.nodeNamed(name);
    if (node === undefined) continue;
    if (node.trustedShare === undefined) return { node, source };
    found ??= { node, source };
  }
  return found;
}

function isFresh(source: FleetSource): boolean {
  return source.status().state === 'fresh';
}
