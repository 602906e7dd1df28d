/** A node that is compared with others; `size`: how much of a figure is a full load. */
export type SizedNode = { readonly key: { readonly region: string }; readonly name: string; readonly size: number };

type FigureOf<Node> = (node: Node) => number | undefined;

/**
 * The figure of every node by its name: its own, and where there is none, what makes it as loaded as its region's others on average:
 * size × Σ figures ÷ Σ sizes, 0 where no figure of the region is known.
 */
export function completeFigures<Node extends SizedNode>(
  nodes: readonly Node[],
  figureOf: FigureOf<Node>,
): ReadonlyMap<string, number> {
  const averages = equalFigures(nodes, figureOf);
  return new Map(nodes.map((node) => [node.name, figureOf(node) ?? averages.get(node.name) ?? 0]));
}

/** The same with all nodes of a region equally loaded: what is left to say when they cannot be told apart any more. */
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
