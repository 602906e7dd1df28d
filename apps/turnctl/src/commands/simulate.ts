import { simulate, strategyNames, type StrategyName } from '@turn-router/simulator';
import { Option, type Command } from 'commander';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import { failedClaims } from '../report/claim-text.ts';
import { terminalReport } from '../report/terminal-report.ts';
import { createProgress } from '../simulate/create-progress.ts';
import { findScenarioFiles } from '../simulate/find-scenario-files.ts';
import { parseScale, parseSeeds, parseStrategies } from '../simulate/parse-options.ts';
import { readScenarios } from '../simulate/read-scenarios.ts';
import { reproduceCommand } from '../simulate/reproduce-command.ts';
import { shippedScenariosText } from '../simulate/shipped-scenarios-text.ts';
import { assertWritable, writeReports } from '../simulate/write-reports.ts';
import { paintFor, type Terminal } from '../terminal.ts';

export type SimulateOptions = {
  readonly list?: true;
  readonly output: 'table' | 'json';
  /** Where reports go; relative to the current folder. */
  readonly html?: string;
  readonly figures?: string;
  /** Undefined, here and below: as each scenario says. */
  readonly strategies?: readonly StrategyName[];
  readonly seeds?: readonly number[];
  readonly scale?: number;
  readonly quiet?: true;
};

const explanation = `
SCENARIO is a YAML file, a folder of them, or the name of a shipped one; without any, all shipped ones are run, which takes
minutes. How to write one: packages/simulator/README.md.

Exit code: 0 when all claims hold, 1 when one does not, 2 for faults in arguments or files.

  turnctl simulate base --html base.html
  turnctl simulate my-fleet.yaml --strategies turn-router,least-load --seeds 1,2 --scale 0.1
`;

/** Characters in a line where no terminal says. */
const defaultWidth = 120;

export function addSimulateCommand(program: Command, terminal: Terminal, end: (exitCode: ExitCode) => void): void {
  program
    .command('simulate')
    .summary('compare ways to balance calls in simulated fleets')
    .description('Runs scenarios: the balancer of the router beside other ways to balance, on the same calls.')
    .argument('[SCENARIO...]', 'what to run')
    .option('-l, --list', 'list the shipped scenarios and end')
    .addOption(new Option('-o, --output <format>', 'on stdout').choices(['table', 'json']).default('table'))
    .option('--html <file>', 'write one page with tables and charts of all scenarios, complete in itself')
    .option('--figures <folder>', 'write README.md with all figures, and their charts beside it')
    .option('--strategies <names>', `instead of each scenario's own: ${strategyNames.join(', ')}`, parseStrategies)
    .option('--seeds <numbers>', "such as 1,2,3, instead of each scenario's own", parseSeeds)
    .option('--scale <part>', 'part of the measured time that is run, for a quick look: above 0, up to 1', parseScale)
    .option('-q, --quiet', 'no progress on stderr')
    .addHelpText('after', explanation)
    .action((asked: string[], options: SimulateOptions) => end(runSimulations(asked, options, terminal)));
}

function runSimulations(asked: readonly string[], options: SimulateOptions, terminal: Terminal): ExitCode {
  const { stdout, stderr } = terminal;
  if (options.list) {
    stdout.write(shippedScenariosText());
    return exitCodes.done;
  }
  const scenarios = readScenarios(findScenarioFiles(asked));
  assertWritable(options);

  const isTable = options.output === 'table';
  const look = { paint: paintFor(stdout), width: stdout.columns ?? defaultWidth };
  const results = scenarios.map((scenario, index) => {
    const { strategies = scenario.strategies, seeds = scenario.seeds, scale } = options;
    const label = scenarios.length === 1 ? scenario.name : `[${index + 1}/${scenarios.length}] ${scenario.name}`;
    using progress = createProgress(terminal, { label, strategies, seeds, isQuiet: options.quiet === true });
    const result = simulate(scenario, { strategies, seeds, scale, onProgress: progress.show });
    progress.end();
    if (isTable) stdout.write(`${index === 0 ? '' : '\n'}${terminalReport(result, look)}`);
    return result;
  });
  if (!isTable) stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  writeReports(results, { ...options, command: reproduceCommand(asked, options) });

  const failed = failedClaims(results);
  if (failed.length > 0) stderr.write(`Claims that do not hold:\n${failed.map((line) => `  ${line}\n`).join('')}`);
  return failed.length === 0 ? exitCodes.done : exitCodes.claimFailed;
}
