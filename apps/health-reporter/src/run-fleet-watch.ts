import { nodeNameFromKey } from '@turn-router/contract/registry';
import { createKeyRingOfNode, fingerprintsOf } from '@turn-router/turn-credentials';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { FleetConfig } from './config/fleet-config.ts';
import type { ReporterSecrets } from './config/reporter-config.ts';
import { ignoreSignals } from './drain/ignore-signals.ts';
import { createAskPrometheus } from './fleet/ask-prometheus.ts';
import { createDecidedPublisher } from './fleet/decided-publisher.ts';
import { createFleetLoad, equalLoad, type FleetLoad } from './fleet/fleet-load.ts';
import type { LoadSource } from './fleet/load-source.ts';
import { createSteadyPublisher } from './fleet/steady-publisher.ts';
import type { WatchedNode } from './fleet/watched-node.ts';
import type { Logger, ProgramLogger } from './logger.ts';
import { startOutsideProofs } from './outside/start-outside-proofs.ts';
import { createTurnProbe } from './probe/turn-probe.ts';
import { openPublisher } from './publish/open-publisher.ts';
import { shareRegistryWatch } from './publish/registry-watch.ts';
import { createRecordKeeper } from './report/record-keeper.ts';
import { runReportLoop } from './report/report-loop.ts';
import type { Clock } from './system/clock.ts';
import { waitMs } from './system/wait.ts';

/** The maximum wait of the first reports for the first figures, ms. Without this maximum, records could expire while Prometheus is slow. */
const firstFiguresMs = 1_000;

/** The delay between the starts of two nodes, ms. It keeps probes apart, because parallel probes distort latencies. With many nodes it is shorter, so that all nodes start within one interval. */
const startGapMs = 20;

/** Runs the fleet watch until SIGTERM or SIGINT. The records stay, because the nodes keep running. */
export async function runFleetWatch(
  { nodes, secretMode, load: source, unusedFields, prober }: FleetConfig,
  { keyRing, destination }: ReporterSecrets,
  logger: ProgramLogger,
): Promise<void> {
  const stop = new AbortController();
  // Every node adds a listener to this signal. Without this call, Node prints a warning.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  ignoreSignals(process, ['SIGHUP', 'SIGUSR1', 'SIGUSR2'], logger);

  const clock: Clock = { nowMs: Date.now, monotonicMs: () => performance.now() };
  await using publisher = openPublisher(destination, Math.random, prober?.key);
  logger.info(
    { event: 'fleet.started', to: destination.kind, nodes: nodes.length, load: source.algorithm },
    `watching ${nodes.length} nodes and reporting them to the ${destination.kind === 'redis' ? 'registry in Redis' : 'router'}`,
  );
  if (unusedFields.length > 0)
    logger.info(
      { event: 'fleet.settings_ignored', unusedFields },
      'the fleet file has fields that the health-reporter ignores',
    );

  const unhealthy = new Set<string>();
  const load = fleetLoadFrom(source, nodes, unhealthy, logger);
  const watchRegistryFor = shareRegistryWatch(logger);
  const bootId = randomUUID();
  const keyRingOfNode = createKeyRingOfNode(secretMode, keyRing);

  const { proofs } = publisher;
  await using _outside =
    prober === undefined || proofs === undefined
      ? null
      : startOutsideProofs({
          self: prober.key,
          registry: proofs,
          keyRingOf: keyRingOfNode,
          ownFingerprints: 'keys-of-all',
          everyMs: prober.everyMs,
          clock,
          random: Math.random,
          logger: logger.child({ region: prober.key.region, node: prober.key.id }),
        });

  async function watchNode(node: WatchedNode, index: number): Promise<void> {
    const { key, thresholds } = node;
    await waitMs(index * Math.min(startGapMs, node.intervalMs / nodes.length), stop.signal);
    const name = nodeNameFromKey(key);
    const nodeLogger = logger.child({ region: key.region, node: key.id });
    const ofNode = keyRingOfNode(name);
    const parts = {
      ...node,
      bootId,
      fingerprints: fingerprintsOf(ofNode),
      probe: createTurnProbe(node.target, ofNode, clock),
      meter: { measure: () => Promise.resolve(load.loadOf(key)), sample: () => Promise.resolve() },
      publisher: createDecidedPublisher(createSteadyPublisher(publisher, load.responses), thresholds, (status) =>
        status === 'unhealthy' ? unhealthy.add(name) : unhealthy.delete(name),
      ),
      attempt: watchRegistryFor(nodeLogger),
      clock,
      random: Math.random,
      wait: waitMs,
      logger: nodeLogger,
    };
    // The record stays in the registry when the watch ends.
    await runReportLoop(stop.signal, { ...parts, keeper: createRecordKeeper(parts) });
  }

  const firstFigures = load.refresh(stop.signal);
  const refreshing = firstFigures.then(() => refreshRegularly(load, source, stop.signal));
  await Promise.race([firstFigures, waitMs(firstFiguresMs, stop.signal)]);
  await Promise.all([refreshing, ...nodes.map((node, index) => watchNode(node, index))]);
  logger.info({ event: 'fleet.stopped' }, 'stopped: the last reports stay in the registry until their TTL ends');
}

function fleetLoadFrom(
  source: LoadSource,
  nodes: readonly WatchedNode[],
  unhealthy: ReadonlySet<string>,
  logger: Logger,
): FleetLoad {
  if (source.algorithm === 'random') return equalLoad;
  return createFleetLoad({
    nodes,
    unit: source.prometheus.unit,
    ask: createAskPrometheus(source),
    isUnhealthy: (key) => unhealthy.has(nodeNameFromKey(key)),
    logger,
  });
}

async function refreshRegularly(load: FleetLoad, source: LoadSource, stop: AbortSignal): Promise<void> {
  if (source.algorithm === 'random') return;
  for (;;) {
    await waitMs(source.intervalMinutes * 60_000, stop);
    if (stop.aborted) return;
    await load.refresh(stop);
  }
}
