/**
 * Turns readings of counters into figures: each call reads anew and compares with the reading of the call before. Where the two say
 * nothing together, the last figure stands (0 at first). Undefined when the source cannot be read.
 */
export function figureBetweenSamples<Sample>(
  read: () => Promise<Sample | undefined>,
  figure: (before: Sample, after: Sample) => number | undefined,
): () => Promise<number | undefined> {
  let before: Sample | undefined;
  let last = 0;
  return async () => {
    const after = await read();
    if (after === undefined) return undefined;
    if (before !== undefined) last = figure(before, after) ?? last;
    before = after;
    return last;
  };
}
