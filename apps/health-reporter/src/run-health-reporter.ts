import { nodeNameFromKey } from '@turn-router/contract/registry';
import { fingerprintsOf } from '@turn-router/turn-credentials';
import { randomUUID } from 'node:crypto';
import type { ReporterConfig, ReporterSecrets } from './config/reporter-config.ts';
import { watchDrainFile } from './drain/drain-file.ts';
import { handleSignals } from './drain/handle-signals.ts';
import { createModeControl } from './drain/requested-mode.ts';
import { signalCoturn } from './drain/signal-coturn.ts';
import type { Logger } from './logger.ts';
import { startOutsideProofs } from './outside/start-outside-proofs.ts';
import { createLoadMeter } from './measure/load-meter.ts';
import { createSamplingWait } from './measure/sampling-wait.ts';
import { createTurnProbe } from './probe/turn-probe.ts';
import { createClockWatch } from './publish/clock-watch.ts';
import { openPublisher } from './publish/open-publisher.ts';
import { createRegistryWatch } from './publish/registry-watch.ts';
import { endRevokedRelays } from './relays/end-revoked-relays.ts';
import { startDelayMs } from './report/report-loop.ts';
import { runReporter } from './report/reporter.ts';
import type { Clock } from './system/clock.ts';
import { waitMs } from './system/wait.ts';

/** The interval between two samples of relay sockets and interfaces, ms. A shorter interval counts shorter allocations, but needs more CPU. */
const loadSampleMs = 1_000;

/** The interval between two comparisons of the clocks, ms. Clocks drift only by milliseconds per minute. If this machine's clock is set, the next report compares again. */
const clockCheckMs = 60_000;

/** Runs the reporter of one node. Returns when a signal has stopped the node and the drain is over. */
export async function runHealthReporter(
  config: ReporterConfig,
  { keyRing, destination, turnCliPassword }: ReporterSecrets,
  logger: Logger,
): Promise<void> {
  const modeControl = createModeControl();
  handleSignals(process, modeControl, config, logger);

  const clock: Clock = { nowMs: Date.now, monotonicMs: () => performance.now() };
  await using publisher = openPublisher(destination, Math.random, config.key);
  const node = nodeNameFromKey(config.key);
  logger.info(
    {
      event: 'reporter.started',
      to: destination.kind,
      intervalSeconds: config.intervalMs / 1000,
      target: config.target,
    },
    `reporting ${node} to the ${destination.kind === 'redis' ? 'registry in Redis' : 'router'}`,
  );
  const meter = await createLoadMeter({
    ...config,
    turnPort: config.identity.port,
    rootDirectory: '/',
    clock,
    logger,
  });
  const samplingWait = createSamplingWait({
    wait: waitMs,
    sample: () => meter.sample(),
    everyMs: loadSampleMs,
    monotonicMs: clock.monotonicMs,
  });

  await using _relayEnding =
    turnCliPassword === undefined || destination.kind !== 'redis'
      ? null
      : endRevokedRelays(
          { redisUrl: destination.url, cliPort: config.turnCliPort, cliPassword: turnCliPassword },
          { clock, random: Math.random, logger },
        );
  const { outsideEveryMs: everyMs, key: self } = config;
  const { proofs } = publisher;
  await using outside =
    everyMs === undefined || proofs === undefined
      ? null
      : startOutsideProofs({
          self,
          registry: proofs,
          keyRingOf: () => keyRing,
          ownFingerprints: new Set(fingerprintsOf(keyRing).values()),
          everyMs,
          clock,
          random: Math.random,
          logger,
        });
  const { drainFile, turnPidFile: pidFile } = config;
  // The file is checked before the first report, so that a restart does not bring back a withdrawn node.
  await using _watch =
    drainFile === undefined ? null : await watchDrainFile({ path: drainFile, modeControl, wait: waitMs, logger });
  await waitMs(startDelayMs(config.intervalMs, Math.random()), modeControl.changed());
  await runReporter({
    ...config,
    bootId: randomUUID(),
    fingerprints: fingerprintsOf(keyRing),
    probe: createTurnProbe(config.target, keyRing, clock),
    meter,
    publisher,
    attempt: createRegistryWatch(logger),
    clockWatch: createClockWatch({ registry: publisher, clock, everyMs: clockCheckMs, logger }),
    probesOthers: () => outside?.isProving() === true,
    clock,
    random: Math.random,
    wait: samplingWait,
    logger,
    modeControl,
    drainTurnServer: async (software) =>
      pidFile === undefined ? undefined : signalCoturn({ pidFile, software, logger }),
  });
}
