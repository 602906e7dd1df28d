import { answerArguments, faultsText, packageVersion, type Program } from '@turn-router/settings';
import { readConfig } from './config/read-config.ts';
import { settings } from './config/settings.ts';
import { runHealthReporter } from './run-health-reporter.ts';

const program: Program = {
  name: 'health-reporter',
  entry: 'apps/health-reporter/dist/main.js',
  summary: 'Reports the health and load of one TURN node to the registry.',
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
  await runHealthReporter(read.config.config, read.config.secrets);
}
