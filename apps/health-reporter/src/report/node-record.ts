import type { NodeKey } from '@turn-router/contract/registry';
import type { HealthReason } from '../health/health-reason.ts';
import { healthAfterRound, startingHealth, type ProbeThresholds } from '../health/health-state.ts';
import { logHealthChange, type Finding } from '../health/log-health-change.ts';
import { createSoftwareWatch } from '../health/software-watch.ts';
import type { Logger } from '../logger.ts';
import type { Load, LoadMeter } from '../measure/load-meter.ts';
import { noRound } from '../probe/probe-round.ts';
import type { TurnProbe } from '../probe/turn-probe.ts';
import type { ClockWatch } from '../publish/clock-watch.ts';
import type { RegistryWatch } from '../publish/registry-watch.ts';
import type { ReportPublisher } from '../publish/report-publisher.ts';
import type { Clock } from '../system/clock.ts';
import { nodeReportFrom, softwareFrom, type NodeIdentity } from './node-report.ts';

export type NodeRecordOptions = {
  readonly key: NodeKey;
  readonly identity: NodeIdentity;
  readonly thresholds: ProbeThresholds;
  /** How long a report stands unless it is followed by another. */
  readonly ttlMs: number;
  /** Distinguishes this run from every other. */
  readonly bootId: string;
  readonly probe: TurnProbe;
  readonly meter: LoadMeter;
  readonly publisher: ReportPublisher;
  /** How it is called. */
  readonly attempt: RegistryWatch;
  /** Of the node's clock, where this machine's is that. */
  readonly clockWatch?: ClockWatch;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What is known of the node, and its record in the registry. A registry that is away is logged, and no fault. */
export interface RecordKeeper {
  /** Probes the TURN server once, and logs what that changes. A probe that `signal` cuts short says nothing. */
  probe(signal: AbortSignal): Promise<void>;
  /**
   * @param draining why the node drains; undefined: it is what its probes say
   * @returns whether the registry has taken it
   */
  publish(load: Load, draining?: HealthReason): Promise<boolean>;
  remove(): Promise<void>;
  /** Nothing is proven any more, as before the first probe. */
  forget(): void;
  /** What the TURN server last said that it is; undefined when it has not. */
  software(): string | undefined;
}

export function createNodeRecord(options: NodeRecordOptions): RecordKeeper {
  const { key, identity, thresholds, ttlMs, bootId, probe, meter, publisher, attempt, clockWatch, clock, logger } =
    options;
  const noticeSoftware = createSoftwareWatch(logger);
  const unproven: Finding = { health: startingHealth, round: noRound };
  let found = unproven;
  let software: string | undefined;
  let seq = 0;

  return {
    async probe(signal) {
      const round = await probe(signal);
      await meter.notice(round.relayPorts);
      if (signal.aborted) return;
      const before = found;
      found = { health: healthAfterRound(before.health, round, thresholds), round };
      software = softwareFrom(round) ?? software;
      logHealthChange(logger, before, found);
      noticeSoftware(softwareFrom(round));
    },
    async publish(load, draining) {
      seq += 1;
      const clockOffsetMs = clockWatch?.offsetMs();
      const nowMs = clock.nowMs();
      const report = nodeReportFrom({ identity, bootId, seq, nowMs, ...found, draining, load, clockOffsetMs });
      const isTaken = await attempt(() => publisher.put(key, report, ttlMs));
      // After the report, which it must not delay.
      if (isTaken) await clockWatch?.look();
      return isTaken;
    },
    async remove() {
      if (await attempt(() => publisher.remove(key))) {
        logger.info({ event: 'node.record_removed' }, 'the record is removed from the registry');
      }
    },
    forget() {
      found = unproven;
      software = undefined;
    },
    software: () => software,
  };
}
