/** A node with its region and size. `size` is the node's figure at full load. */
export type SizedNode = { readonly key: { readonly region: string }; readonly name: string; readonly size: number };

type FigureOf<Node> = (node: Node) => number | undefined;

/**
 * Returns the figure of every node by name. If a node has no figure, it gets the average load of its region: size × Σ figures ÷ Σ sizes, or 0 if
 * the region has no figure.
 */
export function completeFigures<Node extends SizedNode>(
  nodes: readonly Node[],
  figureOf: FigureOf<Node>,
): ReadonlyMap<string, number> {
  const averages = equalFigures(nodes, figureOf);
  return new Map(nodes.map((node) => [node.name, figureOf(node) ?? averages.get(node.name) ?? 0]));
}

/** Returns figures that make all nodes of a region equally loaded, at the average load of the region. */
export function equalFigures<Node extends SizedNode>(
  nodes: readonly Node[],
  figureOf: FigureOf<Node>,
): ReadonlyMap<string, number> {
  const sums = new Map<string, { figures: number; sizes: number }>();
  for (const node of nodes) {
    const figure = figureOf(node);
    if (figure === undefined) continue;
    const { figures, sizes } = sums.get(node.key.region) ?? { figures: 0, sizes: 0 };
    sums.set(node.key.region, { figures: figures + figure, sizes: sizes + node.size });
  }
  return new Map(
    nodes.map(({ key, name, size }) => {
      const { figures, sizes } = sums.get(key.region) ?? { figures: 0, sizes: 1 };
      return [name, (size * figures) / sizes];
    }),
  );
}
