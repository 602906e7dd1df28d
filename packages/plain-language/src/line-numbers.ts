/**
 * Returns a function that finds the line of an offset.
 *
 * @returns the line, counted from 1, of an offset counted in UTF-16 code units
 */
export function lineNumbersOf(source: string): (offset: number) => number {
  const lineEnds = [...source.matchAll(/\n/g)].map(({ index }) => index);
  return (offset) => {
    const following = lineEnds.findIndex((lineEnd) => lineEnd >= offset);
    return following === -1 ? lineEnds.length + 1 : following + 1;
  };
}
