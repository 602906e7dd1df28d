import { parseScenario, type Scenario } from '@turn-router/simulator';
import { readFileSync } from 'node:fs';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

type Read = { readonly path: string; readonly scenario?: Scenario; readonly faults: readonly string[] };

/**
 * Reads the scenarios from files, in order. Their names must differ.
 *
 * @throws CommandFault with every fault of every file, one per line: `file:line: field: detail`
 */
export function readScenarios(paths: readonly string[]): readonly Scenario[] {
  const read = paths.map(readScenario);
  const faults = [...read.flatMap((file) => file.faults), ...findSameNames(read)];
  if (faults.length > 0) throw new CommandFault(faults.join('\n'));
  return read.flatMap(({ scenario }) => scenario ?? []);
}

function readScenario(path: string): Read {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { path, faults: [`${path}: ${systemReason(error)}`] };
  }
  const parsed = parseScenario(text);
  if (parsed.ok) return { path, scenario: parsed.scenario, faults: [] };
  const faults = parsed.faults.map(({ line, field, detail }) =>
    [`${path}:${line}`, field, detail].filter((part) => part !== '').join(': '),
  );
  return { path, faults };
}

/** Finds names that several files use. Reports identify a scenario by its name. */
function findSameNames(read: readonly Read[]): readonly string[] {
  return read.flatMap(({ path, scenario }, index) => {
    const first = read.findIndex((other) => other.scenario?.name === scenario?.name);
    if (scenario === undefined || first === index) return [];
    return [`${path}: name: "${scenario.name}" is already used in ${read[first]?.path}: expected a unique name`];
  });
}
