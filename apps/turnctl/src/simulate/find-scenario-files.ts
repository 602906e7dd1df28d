import { shippedScenariosFolder } from '@turn-router/simulator';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

const shippedFolder = fileURLToPath(shippedScenariosFolder);

/**
 * Returns the files of the named scenarios without duplicates. If `names` is empty, returns all shipped scenarios. The name of a shipped scenario
 * takes precedence over a file or folder with that name. To select the file or folder, use `./name`.
 *
 * @throws CommandFault
 */
export function findScenarioFiles(names: readonly string[]): readonly string[] {
  const shipped = filesIn(shippedFolder);
  const found = names.flatMap((name) => shipped.find((file) => file === shippedFile(name)) ?? filesAt(name));
  return names.length === 0 ? shipped : [...new Set(found)];
}

function shippedFile(name: string): string {
  return `${shippedFolder}${name}.yaml`;
}

function filesAt(path: string): readonly string[] {
  const found = attempt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found === undefined) {
    throw new CommandFault(
      `${path}: no such file, folder or shipped scenario ("turnctl simulate --list" lists the shipped scenarios)`,
    );
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

function attempt<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CommandFault(`${path}: ${systemReason(error)}`, { cause: error });
  }
}
