import { answerArguments, faultsText, packageVersion, type Program } from '@turn-router/settings';
import { ulid } from 'ulid';
import { readConfig } from './config/read-config.ts';
import { settings } from './config/settings.ts';
import { createLogger } from './logger.ts';
import { runRouter } from './server.ts';

const program: Program = {
  name: 'turn-router',
  entry: 'apps/router/dist/main.js',
  summary: 'Answers callers with the best TURN relay for them.',
  version: packageVersion(new URL('../package.json', import.meta.url)),
  settings,
};

const answer = answerArguments(program, process.argv.slice(2));
const read = answer === undefined ? readConfig(process.env) : undefined;
if (answer !== undefined) {
  process.exitCode = answer.exitCode;
  (answer.exitCode === 0 ? process.stdout : process.stderr).write(answer.text);
} else if (read?.ok === false) {
  process.exitCode = 2;
  process.stderr.write(faultsText(program, read.faults));
} else if (read) {
  const { config, secrets } = read.config;
  const logger = createLogger(config.logLevel);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const world = { nowMs: Date.now, monotonicNowMs: () => performance.now(), random: Math.random, newId: () => ulid() };
  try {
    await runRouter(config, secrets, { ...world, logger, version: program.version }, stop.signal, (ports) =>
      logger.info({ ...ports, registry: secrets.redisUrl === undefined ? 'embedded' : 'redis' }, 'listening'),
    );
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${program.name} cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
