/**
 * Turns counter readings into figures: each call reads and compares with the previous reading. If the two readings give no figure, the
 * last figure is returned (0 at first). Undefined when the source cannot be read.
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
  /** CPUs that may be used at once; a fraction where a quota sets one. */
  readonly cpus: number;
};

/**
 * CPU use between two samples in percent of the usable CPU time, 0–100: `100 × Δused ÷ (Δelapsed × cpus)`.
 * Undefined when no time has passed or the counters restarted.
 */
export function cpuPercent(before: CpuSample, after: CpuSample): number | undefined {
  const usedSeconds = after.usedSeconds - before.usedSeconds;
  const usableSeconds = (after.elapsedSeconds - before.elapsedSeconds) * after.cpus;
  if (usableSeconds <= 0 || usedSeconds < 0) return undefined;
  return Math.min(100, (100 * usedSeconds) / usableSeconds);
}

export type PressureSample = { readonly stalledMs: number; readonly monotonicMs: number };

/**
 * The share of the time between two samples in which some task waited, percent, 0–100: `100 × Δstalled ÷ Δt`. Undefined when no time has
 * passed or the counter restarted.
 */
export function pressurePercent(before: PressureSample, after: PressureSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const stalledMs = after.stalledMs - before.stalledMs;
  if (elapsedMs <= 0 || stalledMs < 0) return undefined;
  // The kernel counts a stall when it ends; the stall may have started before the previous sample.
  return Math.min(100, (100 * stalledMs) / elapsedMs);
}

type BandwidthSample = {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly monotonicMs: number;
};

/**
 * Mbit/s between two samples, the larger of in and out: `max(Δreceived, Δsent) × 8 ÷ 1000 ÷ Δms`.
 * Undefined when no time has passed, or when a counter decreased: it wrapped or its interface restarted, so the traffic in between is
 * unknown.
 */
export function bandwidthMbps(before: BandwidthSample, after: BandwidthSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const receivedBytes = after.receivedBytes - before.receivedBytes;
  const sentBytes = after.sentBytes - before.sentBytes;
  if (elapsedMs <= 0 || receivedBytes < 0 || sentBytes < 0) return undefined;
  return (Math.max(receivedBytes, sentBytes) * 8) / 1000 / elapsedMs;
}

type DropSample = { readonly droppedPackets: number; readonly monotonicMs: number };

/** Dropped packets per second between two samples; undefined when no time has passed or the counter decreased. */
export function dropsPerSecond(before: DropSample, after: DropSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const packets = after.droppedPackets - before.droppedPackets;
  return elapsedMs <= 0 || packets < 0 ? undefined : (packets * 1000) / elapsedMs;
}
