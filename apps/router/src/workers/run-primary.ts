import type { Worker } from 'node:cluster';
import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import { createAdminApp } from '../http/create-admin-app.ts';
import { listen, scrapersPatience } from '../http/listen.ts';
import { createRefuseUnreadable } from '../http/refuse-unreadable.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createAdminOpenApiDocument } from '../http/openapi/admin-openapi-document.ts';
import type { RouterParts } from '../compose/server.ts';
import { openPeerListener } from '../http/peers/open-peer-listener.ts';
import { askForMetrics } from './ask-for-metrics.ts';
import { keepWorkers } from './keep-workers.ts';
import type { ToWorker } from './messages.ts';
import { createMetricsSum } from './metrics-sum.ts';
import { createProofDesk } from './proof-desk.ts';
import { openAdminApi } from './open-admin-api.ts';

/**
 * The process that callers never meet: it starts the workers, hands them the connections to the public listener, replaces those that end,
 * and serves the admin listener for all of them, the peer listener, and says which worker proves a GeoIP file. It holds neither snapshot nor GeoIP data, and asks Redis
 * only for what somebody wants of the admin API.
 *
 * @param onListening called with the ports in use once every worker listens
 * @throws the system's error when a port is taken, or what ended a worker at its start
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
  const refusing = new Set<number>();
  function tellWhoRefuses(): void {
    const message: ToWorker = { kind: 'all_refuse' };
    for (const number of refusing) living.get(number)?.send(message, () => undefined);
  }
  const text = async () => {
    await Promise.all([...living.values()].map(askForMetrics));
    return sum.text(await own.readings());
  };
  const log = { logger, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const metrics = { ...own, text };
  // Several processes have a Redis: their settings see to that.
  await using api =
    adminTokens === undefined || redisUrl === undefined
      ? undefined
      : openAdminApi(adminTokens, { redisUrl, keyRing }, { ...parts, metrics: own });
  const adminApp = createAdminApp({
    ...log,
    metrics,
    openApi: createAdminOpenApiDocument(parts.version),
    api,
  });
  await using adminListener = await listen(
    adminApp,
    config.adminListener,
    scrapersPatience,
    createRefuseUnreadable({ ...log, metrics }),
  );

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
        if (message.kind === 'metrics') sum.take(number, message.readings);
        if (message.kind === 'claim_geo_proof') proofDesk.claim(number, message.digest);
        if (message.kind === 'geo_verdict') proofDesk.settle(number, message);
        if (message.kind !== 'refusing') return;
        refusing.add(number);
        // One that stops alone need not wait: the others go on.
        if (!stop.aborted || refusing.size === living.size) tellWhoRefuses();
      },
      onEnded: (number) => {
        living.delete(number);
        refusing.delete(number);
        proofDesk.end(number);
        sum.end(number);
      },
    },
    stop,
  );
}
