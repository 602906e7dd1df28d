/** The largest number of these moments that lie within any stretch of this length. */
export function mostWithin(momentsMs: readonly number[], stretchMs: number): number {
  const within = (startMs: number) => momentsMs.filter((atMs) => atMs >= startMs && atMs < startMs + stretchMs).length;
  return Math.max(...momentsMs.map((startMs) => within(startMs)));
}
