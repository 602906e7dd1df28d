import type { SimulationResult } from '@turn-router/simulator';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFault } from '../command-fault.ts';
import { htmlReport } from '../report/html/html-report.ts';
import { figuresDocument } from '../report/figures/figures-document.ts';
import { systemReason } from '../system-reason.ts';

export type ReportPlaces = {
  readonly html?: string;
  readonly figures?: string;
  /** Said in the reports: what to type to get them again. */
  readonly command: string;
};

/** @throws CommandFault */
export function writeReports(results: readonly SimulationResult[], { html, figures, command }: ReportPlaces): void {
  if (html !== undefined) write(html, htmlReport(results, command));
  if (figures === undefined) return;
  for (const { name, text } of figuresDocument(results, command)) write(join(figures, name), text);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandFault(`${path}: cannot be written: ${systemReason(error)}`, { cause: error });
  }
}
