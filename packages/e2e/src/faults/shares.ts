import type { LoadAnswer } from '@turn-router/testing';

/** Returns the number of calls due in [fromMs, toMs) per node, by the first node of each answer. */
export function callsByNode(answers: readonly LoadAnswer[], fromMs: number, toMs: number): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const { dueAtMs, nodes } of answers) {
    const node = nodes?.[0];
    if (node !== undefined && dueAtMs >= fromMs && dueAtMs < toMs) calls.set(node, (calls.get(node) ?? 0) + 1);
  }
  return calls;
}

/** Returns the mean number of calls of some nodes divided by that of other nodes. */
export function ratioOfCalls(
  calls: ReadonlyMap<string, number>,
  names: readonly string[],
  others: readonly string[],
): number {
  const mean = (of: readonly string[]) => of.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0) / of.length;
  return mean(names) / mean(others);
}
