import type { NodeKey } from '@turn-router/contract';
import type { Clock } from './clock.ts';
import type { NodeIdentity } from './config/reporter-config.ts';
import { healthAfterRound, startingHealth, type ProbeThresholds } from './health-state.ts';
import { logHealthChange } from './log-health-change.ts';
import type { Logger } from './logger.ts';
import type { Load, LoadMeter } from './measure/load-meter.ts';
import { nodeReportFrom } from './node-report.ts';
import { noRound, type ProbeRound } from './probe/probe-round.ts';
import type { TurnProbe } from './probe/turn-probe.ts';
import type { ClockWatch } from './publish/clock-watch.ts';
import { createRegistryWatch } from './publish/registry-watch.ts';
import type { ReportPublisher } from './publish/report-publisher.ts';
import type { Wait } from './wait.ts';

export type ReporterOptions = {
  key: NodeKey;
  identity: NodeIdentity;
  thresholds: ProbeThresholds;
  intervalMs: number;
  ttlMs: number;
  drainMs: number;
  /** Distinguishes this run from every other. */
  bootId: string;
  probe: TurnProbe;
  meter: LoadMeter;
  publisher: ReportPublisher;
  /** Of the node's clock, where this machine's is that. */
  clockWatch?: ClockWatch;
  clock: Clock;
  /** Uniform in [0, 1): spreads the reports of many nodes. */
  random: () => number;
  wait: Wait;
  logger: Logger;
};

/** The first figures cover this, unless an interval is shorter; milliseconds. */
const firstWindowMs = 250;

/** How much shorter or longer an interval may be, as a share of it. */
const jitter = 0.1;

/**
 * Probes, measures and publishes once every interval until `stop` fires; then reports `draining`, at once and for `drainMs` or until
 * `hurry` fires, and takes the record away. One thing after the other, so that no publication overlaps another.
 */
export async function runReporter(options: ReporterOptions, stop: AbortSignal, hurry: AbortSignal): Promise<void> {
  const { key, intervalMs, clock, wait, meter, publisher, logger } = options;
  const attempt = createRegistryWatch(logger);
  let health = startingHealth;
  let round: ProbeRound = noRound;
  let seq = 0;

  async function publish(load: Load, { draining }: { draining: boolean }): Promise<void> {
    const { identity, bootId } = options;
    seq += 1;
    const clockOffsetMs = options.clockWatch?.offsetMs();
    const nowMs = clock.nowMs();
    const report = nodeReportFrom({ identity, bootId, seq, nowMs, health, draining, round, load, clockOffsetMs });
    // After the report, which it must not delay.
    if (await attempt(() => publisher.put(key, report, options.ttlMs))) await options.clockWatch?.look();
  }

  await meter.measure();
  await wait(Math.min(firstWindowMs, intervalMs), stop);
  while (!stop.aborted) {
    const nextMs = clock.monotonicMs() + intervalMs * (1 - jitter + 2 * jitter * options.random());
    // Before the probe, whose own allocations some servers hold on to for a second.
    const load = await meter.measure();
    const latest = await options.probe(stop);
    await meter.noticeAllocations(latest.relayPorts);
    // A probe that was cut short says nothing.
    if (stop.aborted) break;
    const before = { health, round };
    round = latest;
    health = healthAfterRound(health, round, options.thresholds);
    logHealthChange(logger, before, { health, round });
    await publish(load, { draining: false });
    await wait(nextMs - clock.monotonicMs(), stop);
  }

  logger.info({ drainSeconds: options.drainMs / 1000 }, 'the node is draining');
  const endMs = clock.monotonicMs() + options.drainMs;
  do {
    await publish(await meter.measure(), { draining: true });
    await wait(Math.min(intervalMs, endMs - clock.monotonicMs()), hurry);
  } while (clock.monotonicMs() < endMs && !hurry.aborted);
  if (await attempt(() => publisher.remove(key))) logger.info('the record is removed');
}
