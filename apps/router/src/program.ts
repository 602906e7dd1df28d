import cluster from 'node:cluster';
import { packageVersion, runProgram } from '@turn-router/settings';
import { monotonicFactory } from 'ulid';
import { assertStateDirectory } from './config/assert-state-directory.ts';
import { readConfig } from './config/read-config.ts';
import { settings } from './config/settings.ts';
import { createLogger, bufferedStdout } from './observe/logger.ts';
import { lowerBackgroundThreads } from './process/lower-background-threads.ts';
import { findCacheDir, openGeoProofs } from './compose/open-geo.ts';
import { runRouter } from './compose/run-router.ts';
import { handleOtherSignals } from './process/handle-other-signals.ts';
import { createReloadRequests } from './process/reload-requests.ts';
import { stopOnSignal } from './process/stop-on-signal.ts';
import { isNode20 } from './process/tuned-for-node-20.ts';
import { joinPrimary } from './workers/join-primary.ts';
import { runPrimary } from './workers/run-primary.ts';
import { runWorker } from './workers/run-worker.ts';

const program = {
  name: 'turn-router',
  entry: 'apps/router/dist/main.js',
  summary: 'Answers callers with the best TURN relay for them.',
  version: packageVersion(new URL('../package.json', import.meta.url)),
  settings,
};

if (isNode20) lowerBackgroundThreads(process);
await runProgram(
  program,
  readConfig,
  async ({ config, secrets }, warnings) => {
    // The ULIDs count up within a millisecond and use Math.random. The ids are not secret, and cryptographic randomness took a third of the time of
    // each request.
    const newUlid = monotonicFactory(Math.random);
    const reloads = createReloadRequests();
    const parts = {
      reloads,
      nowMs: Date.now,
      monotonicNowMs: () => performance.now(),
      random: Math.random,
      newId: () => newUlid(),
      version: program.version,
      logger: createLogger(config.logLevel, bufferedStdout({ isShared: config.workers > 1 })),
    };
    const stop = stopOnSignal(process, parts.logger);
    handleOtherSignals(process, reloads.request, parts.logger);
    const primary = joinPrimary(reloads.request);
    if (primary !== undefined) return runWorker(config, secrets, parts, primary, stop);

    for (const { field, detail } of warnings) {
      parts.logger.warn(
        { event: 'settings.stray_characters', setting: field, cause: detail },
        'a secret has stray characters: using it as it is',
      );
    }
    if (config.stateDir !== undefined) await assertStateDirectory(config.stateDir);
    const cacheDir = findCacheDir(process.env, process.platform);
    const ownParts = { ...parts, geoProofs: openGeoProofs(config, cacheDir, parts.logger) };
    const registry = secrets.redisUrl === undefined ? 'embedded' : 'redis';
    if (config.workers > 1) {
      return runPrimary(config, secrets, ownParts, stop, (ports) =>
        parts.logger.info({ event: 'router.listening', ...ports, registry, workers: config.workers }, 'listening'),
      );
    }
    return runRouter(config, secrets, ownParts, stop, (ports) =>
      parts.logger.info({ event: 'router.listening', ...ports, registry }, 'listening'),
    );
  },
  process,
);
// The open channel to the primary would keep the worker process running.
cluster.worker?.disconnect();
