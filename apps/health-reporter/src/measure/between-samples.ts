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

/** A reading of counters that only grow. */
export type CpuSample = {
  /** CPU time used so far, seconds, summed over the CPUs. */
  readonly usedSeconds: number;
  /** Time passed so far, seconds. */
  readonly elapsedSeconds: number;
  /** CPUs that may be used at once; a fraction where a quota says so. */
  readonly cpus: number;
};

/**
 * Percent of what may be used between two samples, 0–100: `100 × Δused ÷ (Δelapsed × cpus)`.
 * Undefined when no time has passed or the counters began anew.
 */
export function cpuPercent(before: CpuSample, after: CpuSample): number | undefined {
  const usedSeconds = after.usedSeconds - before.usedSeconds;
  const usableSeconds = (after.elapsedSeconds - before.elapsedSeconds) * after.cpus;
  if (usableSeconds <= 0 || usedSeconds < 0) return undefined;
  return Math.min(100, (100 * usedSeconds) / usableSeconds);
}

export type PressureSample = { readonly stalledMs: number; readonly monotonicMs: number };

/**
 * Percent of the time between two samples in which some task waited, 0–100: `100 × Δstalled ÷ Δt`. Undefined when no time has passed or
 * the counter began anew.
 */
export function pressurePercent(before: PressureSample, after: PressureSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const stalledMs = after.stalledMs - before.stalledMs;
  if (elapsedMs <= 0 || stalledMs < 0) return undefined;
  // The kernel adds up a stall when it ends, which may be longer ago than the sample before.
  return Math.min(100, (100 * stalledMs) / elapsedMs);
}

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

type DropSample = { readonly droppedPackets: number; readonly monotonicMs: number };

/** Packets that the interface dropped, a second, between two samples; undefined when no time has passed or the counter went back. */
export function dropsPerSecond(before: DropSample, after: DropSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const packets = after.droppedPackets - before.droppedPackets;
  return elapsedMs <= 0 || packets < 0 ? undefined : (packets * 1000) / elapsedMs;
}
