import type { SimulationResult } from '@turn-router/simulator';
import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandFault } from '../command-fault.ts';
import { systemReason } from '../system-reason.ts';

/** The paths of the reports. Undefined: the report is not written. */
export type ReportPaths = { readonly html?: string; readonly figures?: string };

/**
 * Checks that the reports can probably be written. A fault is then reported before the long run. Creates the folder of the figures.
 *
 * @throws CommandFault
 */
export function assertWritable({ html, figures }: ReportPaths): void {
  if (html !== undefined) attempt(`--html ${html}`, () => assertFileWritable(html));
  if (figures !== undefined) attempt(`--figures ${figures}`, () => assertFolderWritable(figures));
}

/**
 * Writes the reports. Loads the code for pages and charts only now: it has half of all modules of turnctl, and no other command needs it.
 *
 * @param command the command that produces the reports again; it is shown in the reports
 * @throws CommandFault
 */
export async function writeReports(
  results: readonly SimulationResult[],
  { html, figures, command }: ReportPaths & { readonly command: string },
): Promise<void> {
  if (html !== undefined) {
    const { htmlReport } = await import('../report/html/html-report.ts');
    write(html, htmlReport(results, command));
  }
  if (figures === undefined) return;
  const { figuresDocument } = await import('../report/figures/figures-document.ts');
  for (const { name, text } of figuresDocument(results, command)) write(join(figures, name), text);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandFault(`${path}: cannot be written: ${systemReason(error)}`, { cause: error });
  }
}

function assertFolderWritable(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new CommandFault(`--figures ${path}: this is a file: expected a folder`);
  }
  mkdirSync(path, { recursive: true });
  accessSync(path, constants.W_OK);
}

function assertFileWritable(path: string): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) throw new CommandFault(`--html ${path}: this is a folder: expected a file`);
  const folder = dirname(path);
  if (existing === undefined && !statSync(folder).isDirectory()) {
    throw new CommandFault(`--html ${path}: ${folder} is not a folder`);
  }
  accessSync(existing === undefined ? folder : path, constants.W_OK);
}

function attempt(what: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof CommandFault) throw error;
    throw new CommandFault(`${what}: cannot be written: ${systemReason(error)}`, { cause: error });
  }
}
