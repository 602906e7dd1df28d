import { shippedScenariosFolder } from '@turn-router/simulator';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

const shippedFolder = fileURLToPath(shippedScenariosFolder);

/**
 * The files of the scenarios that were asked for, each once; of nothing: all shipped ones. A shipped one's name goes before a file or
 * folder of that name, which `./name` finds.
 *
 * @throws CommandFault
 */
export function findScenarioFiles(asked: readonly string[]): readonly string[] {
  const shipped = filesIn(shippedFolder);
  const found = asked.flatMap((name) => shipped.find((file) => file === shippedFile(name)) ?? filesAt(name));
  return asked.length === 0 ? shipped : [...new Set(found)];
}

function shippedFile(name: string): string {
  return `${shippedFolder}${name}.yaml`;
}

function filesAt(path: string): readonly string[] {
  const found = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) {
    throw new CommandFault(`${path}: no such file, folder or shipped scenario (turnctl simulate --list shows those)`);
  }
  if (!found.isDirectory()) return [path];
  const files = attempt(path, () => filesIn(path));
  if (files.length === 0)
    throw new CommandFault(`${path}: no scenario in this folder: expected files ending in .yaml or .yml`);
  return files;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

function attempt<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw new CommandFault(`${path}: ${systemReason(error)}`, { cause: error });
  }
}
