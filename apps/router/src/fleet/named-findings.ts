/** At most this many findings of one kind are logged by name. Metrics count all of them. */
const namedMax = 100;

export type FindingEvents<Finding> = {
  /** Two findings of one node are the same as long as this text is the same. */
  readonly textOf: (finding: Finding) => string;
  /** A node has a finding that it did not have before. */
  readonly onBegin: (finding: Finding) => void;
  /** The finding of the node is over. */
  readonly onEnd: (name: string) => void;
};

/**
 * Follows findings about nodes, so that each is logged once when it begins and once when it ends.
 *
 * @returns the function that takes all present findings
 */
export function followFindings<Finding extends { readonly name: string }>({
  textOf,
  onBegin,
  onEnd,
}: FindingEvents<Finding>): (current: readonly Finding[]) => void {
  let known = new Map<string, string>();
  return (current) => {
    // The list keeps the nodes that it has. If it chose other nodes each time, the log would repeat them again and again.
    const staying = current.filter(({ name }) => known.has(name));
    const others = current.filter(({ name }) => !known.has(name));
    const next = new Map<string, string>();
    for (const finding of [...staying, ...others].slice(0, namedMax)) {
      const text = textOf(finding);
      next.set(finding.name, text);
      if (known.get(finding.name) !== text) onBegin(finding);
    }
    for (const name of known.keys()) if (!next.has(name)) onEnd(name);
    known = next;
  };
}
