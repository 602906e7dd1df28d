/** At most this many findings of one kind are logged by name. Metrics count all of them. */
const namedMax = 100;

/**
 * The same event of one node is logged at most once within this time, ms. A reporter can make the findings about its node begin and end
 * with each reading.
 */
const repeatAfterMs = 60_000;

export type FindingEvents<Finding> = {
  /** Two findings of one node are the same as long as this text is the same. */
  readonly textOf: (finding: Finding) => string;
  /** A node has a finding that it did not have before. */
  readonly onBegin: (finding: Finding) => void;
  /** The finding of the node is over. */
  readonly onEnd: (name: string) => void;
};

/** What the log has said about one node. */
type Said = {
  /** The text of the finding that began last. Undefined if its end was said too. */
  readonly text: string | undefined;
  readonly beganAtMs: number;
  readonly endedAtMs: number | undefined;
};

/**
 * Follows findings about nodes, so that each is logged once when it begins and once when it ends. If a finding of a node begins or ends again within a
 * minute, the first update after this minute says what is true by then.
 *
 * @returns the function that takes all present findings
 */
export function followFindings<Finding extends { readonly name: string }>(
  { textOf, onBegin, onEnd }: FindingEvents<Finding>,
  monotonicNowMs: () => number,
): (current: readonly Finding[]) => void {
  const saidOf = new Map<string, Said>();
  let named: ReadonlySet<string> = new Set();
  return (current) => {
    const nowMs = monotonicNowMs();
    const mayRepeat = (atMs: number | undefined) => atMs === undefined || nowMs - atMs >= repeatAfterMs;
    // The list keeps the nodes that it has. If it chose other nodes each time, the log would repeat them again and again.
    const staying = current.filter(({ name }) => named.has(name));
    const others = current.filter(({ name }) => !named.has(name));
    const listed = [...staying, ...others].slice(0, namedMax);
    named = new Set(listed.map(({ name }) => name));
    for (const finding of listed) {
      const text = textOf(finding);
      const said = saidOf.get(finding.name);
      if (said?.text === text || !mayRepeat(said?.beganAtMs)) continue;
      saidOf.set(finding.name, { text, beganAtMs: nowMs, endedAtMs: said?.endedAtMs });
      onBegin(finding);
    }
    for (const [name, said] of saidOf) {
      if (named.has(name)) continue;
      if (said.text !== undefined && mayRepeat(said.endedAtMs)) {
        saidOf.set(name, { ...said, text: undefined, endedAtMs: nowMs });
        onEnd(name);
      } else if (said.text === undefined && mayRepeat(said.beganAtMs) && mayRepeat(said.endedAtMs)) saidOf.delete(name);
    }
  };
}
