/** At most this many invalid records are named in the log. The metric counts all of them. */
const namedMax = 100;

type Rejection = { readonly record: string; readonly detail: string };

/** Logs each invalid record once, and again when its fault changes or when it returns after an absence. */
export function createRejectionLog(
  log: (rejection: Rejection) => void,
): (rejected: readonly { readonly name: string; readonly detail: string }[]) => void {
  let known = new Map<string, string>();
  return (rejected) => {
    // The order is fixed. If each call chose other records, the log would repeat them again and again.
    const named = firstByName(rejected);
    const current = new Map(named.map(({ name, detail }) => [name.slice(0, 200), detail]));
    for (const [record, detail] of current) {
      if (known.get(record) !== detail) log({ record, detail });
    }
    known = current;
  };
}

/** Returns the first records in alphabetical order. It never sorts more than twice as many. */
function firstByName<Rejected extends { readonly name: string }>(rejected: readonly Rejected[]): readonly Rejected[] {
  const cut = (some: readonly Rejected[]) => some.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, namedMax);
  let first: Rejected[] = [];
  for (const each of rejected) {
    first.push(each);
    if (first.length === 2 * namedMax) first = cut(first);
  }
  return cut(first);
}
