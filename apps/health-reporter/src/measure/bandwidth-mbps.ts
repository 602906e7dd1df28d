type BandwidthSample = {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly monotonicMs: number;
};

/**
 * Mbit/s between two samples, the larger of in and out: `max(Δreceived, Δsent) × 8 ÷ 1000 ÷ Δms`.
 * Undefined when no time has passed, or when a counter went back: it wrapped or its interface began anew, and what was carried
 * meanwhile nobody knows.
 */
export function bandwidthMbps(before: BandwidthSample, after: BandwidthSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const receivedBytes = after.receivedBytes - before.receivedBytes;
  const sentBytes = after.sentBytes - before.sentBytes;
  if (elapsedMs <= 0 || receivedBytes < 0 || sentBytes < 0) return undefined;
  return (Math.max(receivedBytes, sentBytes) * 8) / 1000 / elapsedMs;
}
