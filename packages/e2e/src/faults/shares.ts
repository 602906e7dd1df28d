import type { LoadAnswer } from '@turn-router/testing';

/** How many calls due in [fromMs, toMs) each node was given first. */
export function callsByNode(answers: readonly LoadAnswer[], fromMs: number, toMs: number): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const { dueAtMs, nodes } of answers) {
    const node = nodes?.[0];
    if (node !== undefined && dueAtMs >= fromMs && dueAtMs < toMs) calls.set(node, (calls.get(node) ?? 0) + 1);
  }
  return calls;
}

/** The mean number of calls of some nodes ÷ that of others. */
export function ratioOfCalls(
  calls: ReadonlyMap<string, number>,
  names: readonly string[],
  others: readonly string[],
): number {
  const mean = (of: readonly string[]) => of.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0) / of.length;
  return mean(names) / mean(others);
}
