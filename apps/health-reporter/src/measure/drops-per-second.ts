type DropSample = { readonly droppedPackets: number; readonly monotonicMs: number };

/** Packets that the interface dropped, a second, between two samples; undefined when no time has passed or the counter went back. */
export function dropsPerSecond(before: DropSample, after: DropSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const packets = after.droppedPackets - before.droppedPackets;
  return elapsedMs <= 0 || packets < 0 ? undefined : (packets * 1000) / elapsedMs;
}
