// oxlint-disable-next-line import/no-unassigned-import -- it has to run before any other module is loaded
import './system/keep-heap-small.ts';
import { packageVersion, runProgram } from '@turn-router/settings';
import { readEitherConfig } from './config/read-either-config.ts';
import { settings } from './config/settings.ts';
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
  (read) => ('fleet' in read ? runFleetWatch(read.fleet, read.secrets) : runHealthReporter(read.config, read.secrets)),
  process,
);
