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
  /** Paths of the reports, relative to the current folder. */
  readonly html?: string;
  readonly figures?: string;
  /** Undefined: the scenario's own strategies. If `seeds` or `scale` is undefined, the scenario's value is used too. */
  readonly strategies?: readonly StrategyName[];
  readonly seeds?: readonly number[];
  readonly scale?: number;
  readonly quiet?: true;
};

const explanation = `
SCENARIO is a YAML file, a folder with YAML files, or the name of a shipped scenario. Without an argument, all shipped
scenarios run. This takes minutes. See packages/simulator/README.md for how to write a scenario.

A claim is a limit that a scenario sets for a figure of turn-router.
Exit code: 0 if all claims are met, 1 if a claim is not met, 2 if arguments or files are invalid.

  turnctl simulate base --html base.html
  turnctl simulate my-fleet.yaml --strategies turn-router,least-load --seeds 1,2 --scale 0.1
`;

/** Line width without a terminal, characters. */
const defaultWidth = 120;

export function addSimulateCommand(program: Command, terminal: Terminal, end: (exitCode: ExitCode) => void): void {
  program
    .command('simulate')
    .summary('compare balancing strategies in simulated fleets')
    .description(
      "Runs scenarios. Each scenario compares the router's balancer with other strategies on the same calls.",
    )
    .argument('[SCENARIO...]', 'scenarios to run')
    .option('-l, --list', 'list the shipped scenarios and exit')
    .addOption(new Option('-o, --output <format>', 'format on stdout').choices(['table', 'json']).default('table'))
    .option('--html <file>', 'write one self-contained page with tables and charts of all scenarios')
    .option(
      '--figures <folder>',
      'write a README.md with all figures to this folder, and each chart as a separate file',
    )
    .option(
      '--strategies <names>',
      `strategies to run instead of the scenario's own: ${strategyNames.join(', ')}`,
      parseStrategies,
    )
    .option('--seeds <numbers>', "seeds to run instead of the scenario's own, such as 1,2,3", parseSeeds)
    .option(
      '--scale <part>',
      'measure only this fraction of the scenario’s time, above 0 and at most 1; a small value gives a quick result',
      parseScale,
    )
    .option('-q, --quiet', 'show no progress on stderr')
    .addHelpText('after', explanation)
    .action(async (names: string[], options: SimulateOptions) => end(await runSimulations(names, options, terminal)));
}

async function runSimulations(
  names: readonly string[],
  options: SimulateOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { stdout, stderr } = terminal;
  if (options.list) {
    stdout.write(shippedScenariosText());
    return exitCodes.done;
  }
  const scenarios = readScenarios(findScenarioFiles(names));
  assertWritable(options);

  const isTable = options.output === 'table';
  const format = { paint: paintFor(stdout), width: stdout.columns ?? defaultWidth };
  const results = scenarios.map((scenario, index) => {
    const { strategies = scenario.strategies, seeds = scenario.seeds, scale } = options;
    const label = scenarios.length === 1 ? scenario.name : `[${index + 1}/${scenarios.length}] ${scenario.name}`;
    using progress = createProgress(terminal, { label, strategies, seeds, isQuiet: options.quiet === true });
    const result = simulate(scenario, { strategies, seeds, scale, onProgress: progress.show });
    progress.end();
    if (isTable) stdout.write(`${index === 0 ? '' : '\n'}${terminalReport(result, format)}`);
    return result;
  });
  if (!isTable) stdout.write(`${JSON.stringify(results, undefined, 2)}\n`);
  await writeReports(results, { ...options, command: reproduceCommand(names, options) });

  const failed = failedClaims(results);
  if (failed.length > 0) stderr.write(`Claims that are not met:\n${failed.map((line) => `  ${line}\n`).join('')}`);
  return failed.length === 0 ? exitCodes.done : exitCodes.claimFailed;
}
