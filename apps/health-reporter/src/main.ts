// oxlint-disable-next-line import/no-unassigned-import -- it has to act before anything else is loaded
import './keep-heap-small.ts';
import { packageVersion, runProgram } from '@turn-router/settings';
import { readConfig } from './config/read-config.ts';
import { settings } from './config/settings.ts';
import { runHealthReporter } from './run-health-reporter.ts';

await runProgram(
  {
    name: 'health-reporter',
    entry: 'apps/health-reporter/dist/main.js',
    summary: 'Reports the health and load of one TURN node to the registry.',
    version: packageVersion(new URL('../package.json', import.meta.url)),
    settings,
  },
  readConfig,
  ({ config, secrets }) => runHealthReporter(config, secrets),
  process,
);
