import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import type { FleetSource } from './fleet-source.ts';
import type { FleetNode, NodeChanges } from './node-changes.ts';

export type MergedNodes = {
  /** Every node that may serve, each once. */
  readonly nodes: () => readonly FleetNode[];
  /** What has changed since this was last called; at first that is every node. */
  readonly takeChanges: () => NodeChanges;
};

/** Makes one fleet of what several registries show. A node that stands in several counts where its registry is fresh, else where it was first. */
export function mergeSources(sources: readonly FleetSource[]): MergedNodes {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return { nodes: only.nodes, takeChanges: only.takeChanges };

  /** From which source each node was last told. */
  const toldFrom = new Map<string, { readonly source: FleetSource; readonly key: NodeKey }>();
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
      const changed: FleetNode[] = [];
      const retrusted: FleetNode[] = [];
      const gone: NodeKey[] = [];
      const order = freshFirst();
      const isOtherOrder = order.some((source, index) => source !== lastOrder[index]);
      lastOrder = order;
      /** By name, what is new of a node in which sources. */
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
      // Another registry may count now for every node that stands in several.
      for (const [name, { key }] of isOtherOrder ? toldFrom : []) {
        if (sources.filter((source) => source.nodeNamed(name) !== undefined).length > 1) touch(key);
      }
      for (const [name, news] of touched) {
        const told = toldFrom.get(name);
        const found = findNode(name, order);
        if (found === undefined) {
          toldFrom.delete(name);
          if (told !== undefined) gone.push(told.key);
          continue;
        }
        const { node, source } = found;
        if (told?.source !== source || news.changed.includes(source)) changed.push(node);
        else if (news.retrusted.includes(source)) retrusted.push(node);
        toldFrom.set(name, { source, key: node.key });
      }
      return { changed, retrusted, gone };
    },
  };
}

/** A node as the first of the sources that has it knows it; but where one has it whole, not as one that it has vanished from. */
function findNode(
  name: string,
  order: readonly FleetSource[],
): { readonly node: FleetNode; readonly source: FleetSource } | undefined {
  let found: { readonly node: FleetNode; readonly source: FleetSource } | undefined;
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
