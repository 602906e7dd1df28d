/**
 * Returns the figure at a path, such as `peakToIdeal.p99`. Names may contain dots (`special.joiner.peakToMean`).
 *
 * @returns undefined if the path does not lead to a number
 */
export function figureAt(figures: unknown, path: string): number | undefined {
  if (typeof figures === 'number') return path === '' ? figures : undefined;
  if (typeof figures !== 'object' || figures === null) return undefined;
  for (const [name, under] of Object.entries(figures)) {
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    const found = figureAt(under, path.slice(name.length + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}
