import { createStepCheck } from './counter-steps.ts';

/**
 * Creates a reader of a rate. Each call reads the counters and computes the rate since the previous reading. If the two readings give no rate, or
 * the growth of a counter is unknown, the call returns the last rate (0 at first). It returns undefined if the source cannot be read.
 */
export function createRateReader<Sample extends Readonly<Record<string, number>>>(
  read: () => Promise<Sample | undefined>,
  figure: (before: Sample, after: Sample) => number | undefined,
): () => Promise<number | undefined> {
  const isKnownStep = createStepCheck();
  let before: Sample | undefined;
  let last = 0;
  return async () => {
    const after = await read();
    if (after === undefined) return undefined;
    if (isKnownStep(new Map(Object.entries(after))) && before !== undefined) last = figure(before, after) ?? last;
    before = after;
    return last;
  };
}

/** A reading of CPU counters, which never decrease. */
export type CpuSample = {
  /** CPU time used so far, seconds, summed over the CPUs. */
  readonly usedSeconds: number;
  /** Time passed so far, seconds. */
  readonly elapsedSeconds: number;
  /** The number of CPUs that may be used at once. It can be a fraction if a quota sets it. */
  readonly cpus: number;
};

/**
 * Returns the CPU use between two samples in percent of the usable CPU time, 0–100: `100 × Δused ÷ (Δelapsed × cpus)`.
 * Undefined if no time has passed or the counters restarted.
 */
export function cpuPercent(before: CpuSample, after: CpuSample): number | undefined {
  const usedSeconds = after.usedSeconds - before.usedSeconds;
  const usableSeconds = (after.elapsedSeconds - before.elapsedSeconds) * after.cpus;
  if (usableSeconds <= 0 || usedSeconds < 0) return undefined;
  return Math.min(100, (100 * usedSeconds) / usableSeconds);
}

export type PressureSample = { readonly stalledMs: number; readonly monotonicMs: number };

/**
 * Returns the part of the time between two samples in which some task waited, percent, 0–100: `100 × Δstalled ÷ Δt`. Undefined if no time has
 * passed or the counter restarted.
 */
export function pressurePercent(before: PressureSample, after: PressureSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const stalledMs = after.stalledMs - before.stalledMs;
  if (elapsedMs <= 0 || stalledMs < 0) return undefined;
  // The kernel counts a stall when it ends. The stall may have started before the previous sample, so the result can exceed 100.
  return Math.min(100, (100 * stalledMs) / elapsedMs);
}

type BandwidthSample = {
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly monotonicMs: number;
};

/**
 * Returns the bandwidth between two samples in Mbit/s, for received or sent traffic, whichever is larger: `max(Δreceived, Δsent) × 8 ÷ 1000 ÷ Δms`.
 * Undefined if no time has passed. Also undefined if a counter decreased, because the traffic is then unknown. A counter decreases if it overflows
 * or if its interface restarts.
 */
export function bandwidthMbps(before: BandwidthSample, after: BandwidthSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const receivedBytes = after.receivedBytes - before.receivedBytes;
  const sentBytes = after.sentBytes - before.sentBytes;
  if (elapsedMs <= 0 || receivedBytes < 0 || sentBytes < 0) return undefined;
  return (Math.max(receivedBytes, sentBytes) * 8) / 1000 / elapsedMs;
}

type DropSample = { readonly droppedPackets: number; readonly monotonicMs: number };

/** Returns the dropped packets per second between two samples. Undefined if no time has passed or the counter decreased. */
export function dropsPerSecond(before: DropSample, after: DropSample): number | undefined {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const packets = after.droppedPackets - before.droppedPackets;
  return elapsedMs <= 0 || packets < 0 ? undefined : (packets * 1000) / elapsedMs;
}
