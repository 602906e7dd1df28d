import type { NodeReport } from '@turn-router/contract/registry';
import { RegistryError } from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import { pino } from 'pino';
import { createModeControl, type ModeControl } from '../drain/requested-mode.ts';
import type { Load } from '../measure/load-meter.ts';
import { roundFromText } from '../probe/probe-round.fixture.ts';
import { createRegistryWatch } from '../publish/registry-watch.ts';
import { runReporter, type ReporterOptions } from './reporter.ts';

/** The result of the next probe (`udp+ tcp-`), its duration, and whether the operator stops the reporter meanwhile. */
export type Step = { probe: string; takesMs?: number; stop?: true };

export const good = { probe: 'udp+ tcp+' };
export const bad = { probe: 'udp- tcp-' };

export const someLoad: Load = {
  cpuPercent: 1,
  bandwidthMbps: 2,
  allocations: { live: 3, settled: 3, started: 4, capacity: 100 },
  details: { cpuPressurePercent: undefined, dropsPerSecond: undefined, serverFiles: undefined },
};

export type Life = {
  /** The operator stops the reporter after the last step; unset: every probe succeeds, and `commands` must end it. */
  steps?: readonly Step[];
  /** The operator's commands and their times in ascending order, ms. */
  commands?: readonly (readonly [atMs: number, give: (modeControl: ModeControl) => void])[];
  /** The live allocations at a time; default 0. */
  allocations?: (nowMs: number) => number | undefined;
  /** The TURN server's SOFTWARE; default none. */
  software?: string;
  /** The registry's time for each report, ms; default 0. */
  putTakesMs?: number;
  /** The outage of the registry, ms. */
  awayFromTo?: readonly [fromMs: number, toMs: number];
  /** Called while the registry handles a report. */
  whilePutting?: () => Promise<void>;
  options?: Partial<ReporterOptions>;
};

/** Runs a reporter on a clock that advances while it waits. Returns the events with their times. */
export async function runLife({ steps, commands: given = [], allocations = () => 0, options, ...life }: Life) {
  const [awayFromMs, awayToMs] = life.awayFromTo ?? [Infinity, Infinity];
  const clock = createManualClock();
  const modeControl = createModeControl();
  const events: string[] = [];
  const reports: NodeReport[] = [];
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) });
  const say = (what: string) => events.push(`${Math.round(clock.now())} ${what}`);
  const remaining = [...(steps ?? [])];
  const coming = [...given];
  let latest: Step = remaining[0] ?? good;

  function pass(ms: number, signal: AbortSignal): void {
    const endMs = clock.now() + Math.max(0, ms);
    while (!signal.aborted) {
      const [next] = coming;
      const atMs = Math.min(endMs, Math.max(clock.now(), next?.[0] ?? Infinity));
      clock.advance(atMs - clock.now());
      if (next === undefined || next[0] > endMs) return;
      coming.shift();
      next[1](modeControl);
    }
  }

  await runReporter({
    key: { region: 'eu', id: 'n1' },
    identity: { public_ip: '192.0.2.50', port: 3478 },
    thresholds: { success: 1, failure: 2 },
    intervalMs: 5_000,
    ttlMs: 15_000,
    deadlines: { stopMs: 8_000, withdrawMs: 60_000 },
    handOverMs: 60_000,
    bootId: 'boot-1',
    fingerprints: new Map(),
    modeControl,
    meter: {
      measure() {
        const live = allocations(clock.now());
        return Promise.resolve({ ...someLoad, allocations: { ...someLoad.allocations, live, settled: live } });
      },
      sample: () => Promise.resolve(),
    },
    publisher: {
      async put(_key, report, ttlMs) {
        if (clock.now() >= awayFromMs && clock.now() < awayToMs) {
          say(`refused #${report.seq}`);
          throw new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');
        }
        reports.push(report);
        clock.advance(life.putTakesMs ?? 0);
        await life.whilePutting?.();
        const leaving = report.leaving_seconds === undefined ? '' : ` leaving ${report.leaving_seconds}`;
        say(`put ${report.status} ${report.transports?.join(',') ?? '-'} #${report.seq} ${ttlMs}${leaving}`);
      },
      remove() {
        say('remove');
        return Promise.resolve();
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    probe(signal) {
      latest = remaining.shift() ?? latest;
      if (latest.stop) modeControl.stop();
      const { probe, takesMs = 0 } = latest;
      if (latest.stop) clock.advance(takesMs);
      else pass(takesMs, signal);
      const ports = probe.includes('+') ? [50_000] : [];
      return Promise.resolve({ ...roundFromText(probe, life.software), relayPorts: new Set(ports) });
    },
    clock: { nowMs: clock.now, monotonicMs: clock.now },
    random: () => 0.5,
    wait(ms, signal) {
      pass(ms, signal);
      if (steps !== undefined && remaining.length === 0 && modeControl.current() === 'report') modeControl.stop();
      return Promise.resolve();
    },
    drainTurnServer(version) {
      if (version !== undefined) say(`signal ${version}`);
      return Promise.resolve();
    },
    attempt: createRegistryWatch(logger),
    logger,
    ...options,
  });
  return { events, reports, log };
}
