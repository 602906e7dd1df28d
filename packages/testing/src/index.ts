export { pauseProcess } from './process/pause-process.ts';
export { cableBytes, startHubNetwork, type HubHost, type HubNetwork } from './network/hub-network.ts';
export {
  startRoutedNetwork,
  whyNoRoutedNetwork,
  type RoutedHost,
  type RoutedNetwork,
} from './network/routed-network.ts';
export { startParts } from './process/start-parts.ts';
export { startProcess, type ProcessOptions, type RunningProcess } from './process/start-process.ts';
export { makeCertificateChain, type CertificateChain, type LeafOptions } from './fixtures/certificate-chain.ts';
export { collectGarbage } from './fixtures/collect-garbage.ts';
export { eventually } from './fixtures/eventually.ts';
export { boundMs, byForm, isFullForm } from './fixtures/form.ts';
export { freePort, silentPort } from './fixtures/free-port.ts';
export { makeCertificate } from './fixtures/make-certificate.ts';
export { createManualClock, type ManualClock } from './fixtures/manual-clock.ts';
export { seededRandom } from './fixtures/seeded-random.ts';
export { temporaryDirectory, type TemporaryDirectory } from './fixtures/temporary-directory.ts';
export { launchChromium } from './servers/launch-chromium.ts';
export { startPrometheus, type PrometheusServer } from './servers/prometheus/start-prometheus.ts';
export { startTrafficExporter, type TrafficExporter } from './servers/prometheus/start-traffic-exporter.ts';
export { startRedisCluster, type RedisCluster } from './servers/redis/start-redis-cluster.ts';
export { startRedisReplica } from './servers/redis/start-redis-replica.ts';
export { startRedisSentinels, type RedisSentinel, type RedisSentinels } from './servers/redis/start-redis-sentinels.ts';
export { startRedisTls, type RedisTlsServer } from './servers/redis/start-redis-tls.ts';
export { startRedis, type RedisServer } from './servers/redis/start-redis.ts';
export { startSlowServer, type Slowness, type SlowServer } from './servers/start-slow-server.ts';
export { canTurnserverDrain, startCoturn, type CoturnOptions, type CoturnServer } from './servers/turn/start-coturn.ts';
export { startErlangTurn, type ErlangTurnOptions } from './servers/turn/start-erlang-turn.ts';
export type { TurnServer } from './servers/turn/turn-server.ts';
export { startFaultyProxy, type FaultyProxy, type NetworkFault } from './proxy/faulty-proxy.ts';
export { runTurnctl, tryTurnctl, type TurnctlRun } from './apps/run-turnctl.ts';
export { signJwt } from './apps/sign-jwt.ts';
export { startFleet, type Fleet, type StartedNode, type FleetOptions } from './apps/start-fleet.ts';
export { routedPorts, startRoutedFleet, type RoutedFleet, type RoutedNode } from './apps/start-routed-fleet.ts';
export { startFleetWatch, startReporter, type StartReporterOptions } from './apps/start-reporter.ts';
export { startRouter, type RouterOptions, type RouterProcess } from './apps/start-router.ts';
export { tinyGeoCallers, tinyGeoFile } from './apps/tiny-geo-file.ts';
export { summarize, type LoadAnswer, type LoadSummary } from './load/load-summary.ts';
export { readProcessFigures, type ProcessFigures } from './load/process-figures.ts';
export {
  startScriptedReporters,
  type ScriptedReporters,
  type ScriptedReportersOptions,
} from './load/scripted-reporters.ts';
export { startSteadyLoad, type SteadyLoad, type SteadyLoadOptions } from './load/steady-load.ts';
