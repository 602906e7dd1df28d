const names: readonly [path: RegExp, name: string][] = [
  [/^calls$/, 'calls'],
  [/^refused$/, 'requests that got no relay'],
  [/^peakToIdeal\.(.+)$/, 'peak ÷ ideal, $1'],
  [/^worstShareIn5s$/, 'most calls to one node within 5 s ÷ its fair part'],
  [/^regionLoad\.(.+)\.(\w+)$/, 'load of $1, $2'],
  [/^spillShare\.(.+)\.mean$/, 'spilled $1, mean'],
  [/^spillShare\.(.+)\.standardDeviation$/, 'spilled $1, standard deviation'],
  [/^spillShare\.(.+)\.max$/, 'spilled $1, max'],
  [/^spillShare\.(.+)\.largestStep$/, 'spilled $1, largest step'],
  [/^overloadedCallShare$/, 'part of call time in overloaded regions'],
  [/^addedDistanceKm\.(.+)$/, 'added distance in km, $1'],
  [/^special\.(.+)$/, '$1'],
];

/** A figure's path in words: `peakToIdeal.p99` is `peak ÷ ideal, p99`. A path that has none stays as it is. */
export function figureName(path: string): string {
  const found = names.find(([pattern]) => pattern.test(path));
  return found === undefined ? path : path.replace(...found);
}
