import { packageVersion, runProgram } from '@turn-router/settings';
import { readEitherConfig } from './config/read-either-config.ts';
import { settings } from './config/settings.ts';
import { createLogger } from './logger.ts';
import { runFleetWatch } from './run-fleet-watch.ts';
import { runHealthReporter } from './run-health-reporter.ts';

await runProgram(
  {
    name: 'health-reporter',
    entry: 'apps/health-reporter/dist/main.js',
    summary: 'Reports the health and load of one TURN node, or of the nodes of a fleet, to the registry.',
    version: packageVersion(new URL('../package.json', import.meta.url)),
    settings,
  },
  readEitherConfig,
  (read, warnings) => {
    const isFleet = 'fleet' in read;
    const logger = isFleet ? createLogger(read.fleet.logLevel) : createLogger(read.config.logLevel, read.config.key);
    for (const { field, detail } of warnings) {
      logger.warn(
        { event: 'settings.stray_characters', setting: field, cause: detail },
        'a secret has stray characters: using it as it is',
      );
    }
    return isFleet
      ? runFleetWatch(read.fleet, read.secrets, logger)
      : runHealthReporter(read.config, read.secrets, logger);
  },
  process,
);
