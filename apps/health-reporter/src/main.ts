import { answerArguments } from './answer-arguments.ts';
import { faultsText } from './config/faults-text.ts';
import { readConfig } from './config/read-config.ts';
import { runHealthReporter } from './run-health-reporter.ts';

const answer = answerArguments(process.argv.slice(2));
const parsed = answer === undefined ? readConfig() : undefined;
if (answer !== undefined) {
  process.exitCode = answer.exitCode;
  (answer.exitCode === 0 ? process.stdout : process.stderr).write(answer.text);
} else if (parsed?.ok === false) {
  process.exitCode = 2;
  process.stderr.write(faultsText(parsed.faults));
} else if (parsed) {
  await runHealthReporter(parsed.config, parsed.secrets);
}
