import type { NodeKey } from '@turn-router/contract/registry';
import type { HealthReason } from '../health/health-reason.ts';
import { hasPassed, healthAfterRound, startingHealth, type ProbeThresholds } from '../health/health-state.ts';
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
import { nodeReportFrom, softwareFrom, type NodeIdentity } from './build-node-report.ts';

export type RecordKeeperOptions = {
  readonly key: NodeKey;
  readonly identity: NodeIdentity;
  readonly thresholds: ProbeThresholds;
  /** The TTL of a report in the registry. */
  readonly ttlMs: number;
  /** Identifies this run of the reporter. */
  readonly bootId: string;
  /** By key id, the fingerprints of the secrets that the probes use. */
  readonly fingerprints: ReadonlyMap<string, string>;
  readonly probe: TurnProbe;
  readonly meter: LoadMeter;
  readonly publisher: ReportPublisher;
  /** Runs calls to the publisher and logs their faults. */
  readonly attempt: RegistryWatch;
  /** Unset in a fleet watch, because this machine's clock is then not the node's clock. */
  readonly clockWatch?: ClockWatch;
  /** Whether the reporter also proves other nodes. Unset: it does not. */
  readonly probesOthers?: () => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Holds the state of the node, and writes its record to the registry. If the registry is unreachable, this is logged and not thrown. */
export interface RecordKeeper {
  /** Probes the TURN server once and logs the changes. If `signal` aborts the probe, its result is ignored. */
  probe(signal: AbortSignal): Promise<void>;
  /**
   * @param draining the reason for the drain; undefined: the probes decide the status
   * @returns whether the registry accepted the report
   */
  publish(load: Load, draining?: HealthReason): Promise<boolean>;
  /** Publishes the last report of this run. The record stays for this time, so that the next run continues it. */
  publishLast(load: Load, leavingMs: number): Promise<boolean>;
  /** Whether this run has reported yet. */
  hasReported(): boolean;
  /** Whether some probe has passed, but too few in a row to prove the node. */
  isBeingProven(): boolean;
  remove(): Promise<void>;
  /** Resets to the state before the first probe: nothing is proven. */
  reset(): void;
  /** The last SOFTWARE that the TURN server sent; undefined if it sent none. */
  software(): string | undefined;
}

export function createRecordKeeper(options: RecordKeeperOptions): RecordKeeper {
  const { key, identity, thresholds, ttlMs, bootId, fingerprints, probe, meter, publisher } = options;
  const { attempt, clockWatch, clock, logger } = options;
  const checkSoftware = createSoftwareWatch(logger);
  const unproven: Finding = { health: startingHealth, round: noRound };
  let found = unproven;
  let software: string | undefined;
  let seq = 0;

  async function put(load: Load, leaving: { draining?: HealthReason; leavingMs?: number }): Promise<boolean> {
    seq += 1;
    const clockOffsetMs = clockWatch?.offsetMs();
    const nowMs = clock.nowMs();
    const known = {
      identity,
      bootId,
      seq,
      nowMs,
      ...found,
      ...leaving,
      load,
      fingerprints,
      clockOffsetMs,
      probesOthers: options.probesOthers?.(),
    };
    const report = nodeReportFrom(known);
    return attempt(() => publisher.put(key, report, leaving.leavingMs ?? ttlMs));
  }

  return {
    async probe(signal) {
      const round = await probe(signal);
      await meter.sample(round.relayPorts);
      if (signal.aborted) return;
      const before = found;
      found = { health: healthAfterRound(before.health, round, thresholds), round };
      software = softwareFrom(round) ?? software;
      logHealthChange(logger, before, found);
      checkSoftware(softwareFrom(round));
    },
    publishLast: (load, leavingMs) => put(load, { leavingMs }),
    hasReported: () => seq > 0,
    isBeingProven: () => found.health.phase === 'starting' && hasPassed(found.health),
    async publish(load, draining) {
      // The clocks are compared before the report, so that no report of a node with a wrong clock brings it calls.
      await clockWatch?.compareIfDue();
      return put(load, draining === undefined ? {} : { draining });
    },
    async remove() {
      if (await attempt(() => publisher.remove(key))) {
        logger.info({ event: 'node.record_removed' }, 'the record is removed from the registry');
      }
    },
    reset() {
      found = unproven;
      software = undefined;
    },
    software: () => software,
  };
}
