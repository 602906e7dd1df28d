import { packageVersion, runProgram } from '@turn-router/settings';
import { monotonicFactory } from 'ulid';
import { readConfig } from './config/read-config.ts';
import { settings } from './config/settings.ts';
import { createLogger } from './logger.ts';
import { runRouter } from './server.ts';

const program = {
  name: 'turn-router',
  entry: 'apps/router/dist/main.js',
  summary: 'Answers callers with the best TURN relay for them.',
  version: packageVersion(new URL('../package.json', import.meta.url)),
  settings,
};

await runProgram(
  program,
  readConfig,
  async ({ config, secrets }) => {
    const logger = createLogger(config.logLevel);
    const stop = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
    // Counts on within a millisecond; drawing anew for each id cost a quarter of every request.
    const newUlid = monotonicFactory();
    const world = {
      nowMs: Date.now,
      monotonicNowMs: () => performance.now(),
      random: Math.random,
      newId: () => newUlid(),
    };
    await runRouter(config, secrets, { ...world, logger, version: program.version }, stop.signal, (ports) =>
      logger.info({ ...ports, registry: secrets.redisUrl === undefined ? 'embedded' : 'redis' }, 'listening'),
    );
  },
  process,
);
