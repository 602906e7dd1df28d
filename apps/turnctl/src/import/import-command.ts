import type { ImportRequest, ImportResult } from '@turn-router/operations';
import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withOutput, type Output } from '../with-output.ts';
import { readImportFile } from './read-import-file.ts';

type ImportOptions = Output & { readonly overwrite?: true };

/**
 * Adds the command "import" to a command.
 *
 * @param what the entries in plain words, such as `API keys`
 * @param file the name of the copy in STATE_DIR
 */
export function addImportCommand(
  command: Command,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
  what: string,
  file: string,
  importEntries: (path: string, request: ImportRequest) => Promise<ImportResult>,
): void {
  withOutput(command.command('import').summary(`restore ${what} from a file`))
    .description(
      `Restores ${what} in one step. The file is ${file} in the STATE_DIR of a router, or a backup by "list -o json". Entries that Redis has in another form are kept. If the file has a fault, nothing is imported.`,
    )
    .argument('<FILE>', 'file with the entries')
    .option('--overwrite', 'replace entries that Redis has in another form, even if they are newer')
    .action(async (path: string, { output, overwrite }: ImportOptions) => {
      const entries = await readImportFile(path);
      const result = await importEntries(path, { entries, overwrites: overwrite === true });
      const { added, replaced, unchanged, kept } = result;
      stdout.write(
        output === 'json'
          ? `${JSON.stringify(result, undefined, 2)}\n`
          : `imported: ${added.length} added, ${replaced.length} replaced, ${unchanged.length} unchanged, ${kept.length} kept\n`,
      );
      for (const name of kept) {
        stderr.write(
          `${JSON.stringify(name)}: kept the entry in Redis, which differs: use --overwrite to replace it\n`,
        );
      }
    });
}
