import { pino } from 'pino';
import { roundFromText } from '../probe/probe-round.fixture.ts';
import { createRegistryWatch } from '../publish/registry-watch.ts';
import { createRecordKeeper, type RecordKeeperOptions } from './record-keeper.ts';
import { runReportLoop, type ReportingOptions } from './report-loop.ts';
import { someLoad } from './reporter-life.fixture.ts';

export type ScriptedReporter = Pick<RecordKeeperOptions, 'publisher'> &
  Pick<ReportingOptions, 'clock' | 'random' | 'wait'> &
  Partial<Pick<RecordKeeperOptions, 'logger'>>;

/** A reporter at default settings whose probes always pass and whose load never changes, until `stop` fires. */
export async function runScriptedReporter(id: string, parts: ScriptedReporter, stop: AbortSignal): Promise<void> {
  const { logger = pino({ level: 'silent' }) } = parts;
  const options = {
    key: { region: 'eu-central-1', id },
    identity: { public_ip: '192.0.2.50', port: 3478 },
    thresholds: { success: 1, failure: 2 },
    intervalMs: 5_000,
    ttlMs: 15_000,
    bootId: `boot-of-${id}`,
    fingerprints: new Map<string, string>(),
    probe: () => Promise.resolve(roundFromText('udp+ tcp+')),
    meter: { measure: () => Promise.resolve(someLoad), sample: () => Promise.resolve() },
    attempt: createRegistryWatch(logger),
    logger,
    ...parts,
  };
  await runReportLoop(stop, { ...options, keeper: createRecordKeeper(options) });
}
