import type { Worker } from 'node:cluster';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { listen, adminStopTimeouts } from '../http/listen.ts';
import { createRefuseUnreadable } from '../http/refuse-unreadable.ts';
import { adminSettings, explainListenError } from '../http/listen-error.ts';
import { createMetrics } from '../observe/metrics.ts';
import { adminAppOf } from '../compose/create-apps.ts';
import { createAdminApi } from '../compose/open-admin.ts';
import type { RouterParts } from '../compose/run-router.ts';
import { createFleetViewFromWorkers } from './fleet-view-from-workers.ts';
import { openPeerListener } from '../http/peers/open-peer-listener.ts';
import { keepWorkers } from './keep-workers.ts';
import type { ToWorker } from './messages.ts';
import { createMetricsSum } from './metrics-sum.ts';
import { createProofDesk } from './proof-desk.ts';
import { createQuestionDesk } from './question-desk.ts';
import { openAdminStores } from './open-admin-stores.ts';

/** Longest wait for the metrics of a worker, ms. */
const metricsTimeoutMs = 1_000;

/**
 * Runs the primary process. It answers no callers.
 *
 * - It starts the workers, passes them the connections to the public listener, and replaces workers that end.
 * - It serves the admin listener and the peer listener.
 * - It chooses the worker that checks a GeoIP file.
 * - It has neither a snapshot nor GeoIP data. For the admin API, it asks a worker or Redis.
 *
 * @param onListening called when all workers listen, with the ports in use
 * @throws ListenError if a port is in use, or the failure of a worker at its start
 */
export async function runPrimary(
  config: RouterConfig,
  secrets: Pick<RouterSecrets, 'adminTokens' | 'redisUrl' | 'keyRing' | 'peerSecret'>,
  parts: Omit<RouterParts, 'worker'>,
  stop: AbortSignal,
  onListening: (ports: { publicPort: number; adminPort: number }) => void,
): Promise<void> {
  const { logger, random } = parts;
  const { adminTokens, redisUrl, keyRing } = secrets;
  const living = new Map<number, Worker>();
  const sum = createMetricsSum();
  const own = createMetrics();
  const questions = createQuestionDesk<Worker>();
  const refusing = new Set<number>();
  function notifyAllRefusing(): void {
    const message: ToWorker = { kind: 'all_refuse' };
    for (const number of refusing) living.get(number)?.send(message, () => undefined);
  }
  async function takeMetrics([number, worker]: [number, Worker]): Promise<void> {
    const readings = await questions.ask(worker, 'metrics', [], metricsTimeoutMs);
    // If a worker does not answer, its last metrics are used.
    if (readings !== undefined && living.get(number) === worker) sum.take(number, readings);
  }
  const text = async () => {
    await Promise.all([...living].map(takeMetrics));
    return sum.text(await own.readings());
  };
  const log = { logger, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const metrics = { ...own, text };
  // If there are several processes, the settings require Redis.
  await using stores =
    adminTokens === undefined || redisUrl === undefined
      ? undefined
      : openAdminStores({ redisUrl, keyRing }, { ...parts, metrics: own });
  const fleet = createFleetViewFromWorkers(questions, () => living.values(), parts.monotonicNowMs);
  const api = stores && createAdminApi(adminTokens, { ...stores, keyRing, fleet, nowMs: parts.nowMs });
  const adminApp = adminAppOf({ ...log, metrics, version: parts.version, api });
  await using adminListener = await explainListenError(
    listen(adminApp, config.adminListener, adminStopTimeouts, createRefuseUnreadable({ ...log, metrics })),
    config.adminListener,
    adminSettings,
  );
  using _reloading = parts.reloads.onReload(() => {
    const message: ToWorker = { kind: 'reload' };
    for (const worker of living.values()) worker.send(message, () => undefined);
    return Promise.resolve();
  });

  const proofDesk = createProofDesk(parts.geoProofs, (worker, answer) => {
    const message: ToWorker = { kind: 'geo_verdict', ...answer };
    living.get(worker)?.send(message, () => undefined);
  });
  await using _peerListener = await openPeerListener(config, secrets, parts);
  await keepWorkers(
    {
      count: config.workers,
      logger,
      random,
      onListening: (publicPort) => onListening({ publicPort, adminPort: adminListener.port }),
      onStarted: (number, worker) => living.set(number, worker),
      onMessage: (number, message) => {
        if (message.kind === 'answer') questions.handleAnswer(message);
        if (message.kind === 'last_metrics') sum.take(number, message.readings);
        if (message.kind === 'claim_geo_proof') proofDesk.claim(number, message.digest);
        if (message.kind === 'geo_verdict') proofDesk.settle(number, message);
        if (message.kind !== 'refusing') return;
        refusing.add(number);
        // If only one worker stops, it need not wait, because the other workers continue.
        if (!stop.aborted || refusing.size === living.size) notifyAllRefusing();
      },
      onEnded: (number) => {
        const ended = living.get(number);
        if (ended !== undefined) questions.end(ended);
        living.delete(number);
        refusing.delete(number);
        proofDesk.end(number);
        sum.end(number);
      },
    },
    stop,
  );
}
