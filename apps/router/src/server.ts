import { once } from 'node:events';
import { openGeoDatabase, type GeoDatabase } from '@turn-router/geo';
import { startReplicaCount } from '@turn-router/registry';
import { parseTrustedProxies } from './client-address.ts';
import type { RouterConfig, RouterSecrets } from './config/router-config.ts';
import { createAdminApp } from './http/create-admin-app.ts';
import { createPublicApp } from './http/create-public-app.ts';
import { listen } from './http/listen.ts';
import { createIssuer } from './issue-ice-servers.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOpenApiDocument } from './openapi/openapi-document.ts';
import { readPolicyFile, watchPolicyFile } from './policy/policy-file.ts';
import { followRegistry, openRegistry } from './registry-feed.ts';
import { createRouting, type Routing } from './routing.ts';
import type { World } from './world.ts';

export type RouterParts = World & { readonly logger: Logger; readonly version: string };

/**
 * Puts the router together and runs it until `stop` is aborted: then answers what is under way, and closes everything in the reverse
 * order of its opening.
 *
 * @param onListening called with the ports in use once callers can come
 * @throws PolicyFileError, GeoFileError, or the system's error when a port is taken
 */
export async function runRouter(
  config: RouterConfig,
  secrets: RouterSecrets,
  parts: RouterParts,
  stop: AbortSignal,
  onListening: (ports: { publicPort: number; adminPort: number }) => void,
): Promise<void> {
  const { logger } = parts;
  const metrics = createMetrics();
  const routing = createRouting(await readPolicyFile(config.policyFile), parts);
  using _policyWatch = watchPolicy(config.policyFile, routing, metrics, logger);
  await using geo = await openGeo(config.geoipFiles, metrics, logger);
  await using registry = openRegistry(secrets.redisUrl, parts);
  await using replicas = startReplicaCount(
    registry,
    {
      onLost: ({ message }) => logger.warn({ reason: message }, 'the routers cannot be counted: the last number stays'),
      onFound: () => logger.info('the routers can be counted again'),
    },
    { replicaId: parts.newId() },
  );
  await using feed = followRegistry(registry, { ...parts, routing, metrics, countReplicas: () => replicas.count() });

  const log = { logger, metrics, newRequestId: parts.newId, monotonicNowMs: parts.monotonicNowMs };
  const publicApp = createPublicApp({
    ...log,
    geo,
    routing,
    registry,
    issue: createIssuer({ ...parts, geo, routing, keyRing: secrets.keyRing, newDecisionId: parts.newId }),
    readiness: () => ({
      ready: feed.snapshot() !== undefined && !stop.aborted,
      registry: feed.isFresh() ? 'fresh' : feed.snapshot() === undefined ? 'starting' : 'lost',
      healthyNodes: countNodes(routing),
      stopping: stop.aborted,
    }),
    openApi: createOpenApiDocument(parts.version),
    isTrustedProxy: parseTrustedProxies(config.trustedProxies) ?? (() => false),
    corsOrigins: config.corsOrigins,
    reporterToken: secrets.reporterToken,
  });
  await using adminListener = await listen(createAdminApp(log), config.adminListener);
  await using publicListener = await listen(publicApp, config.publicListener);

  onListening({ publicPort: publicListener.port, adminPort: adminListener.port });
  if (!stop.aborted) await once(stop, 'abort');
  logger.info('stopping: finishing the requests under way');
}

function countNodes(routing: Routing): number {
  return routing.status().regions.reduce((sum, { nodes }) => sum + nodes, 0);
}

function watchPolicy(path: string, routing: Routing, metrics: Metrics, logger: Logger): Disposable {
  return watchPolicyFile(path, {
    onPolicy: (policy) => {
      routing.usePolicy(policy);
      metrics.countReload('policy', 'taken');
      logger.info('the changed policy is in force');
    },
    onRefused: (error) => {
      metrics.countReload('policy', 'refused');
      logger.error({ faults: error.message.split('\n') }, 'the changed policy is refused; the one before it stays');
    },
  });
}

function openGeo(paths: readonly string[], metrics: Metrics, logger: Logger): Promise<GeoDatabase> {
  return openGeoDatabase({
    paths,
    onReload: (file) => {
      metrics.countReload('geoip', 'taken');
      logger.info({ file }, 'the changed GeoIP file is in use');
    },
    onRefused: (error) => {
      metrics.countReload('geoip', 'refused');
      logger.error({ faults: error.message.split('\n') }, 'the changed GeoIP file is refused; the one before it stays');
    },
  });
}
