import { auditActions, type AuditAction } from '@turn-router/contract/registry';
import type { Environment } from '@turn-router/settings';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { auditTable } from '../audit/audit-table.ts';
import { readAudit } from '../audit/read-audit.ts';
import { parseSince } from '../duration.ts';
import type { Terminal } from '../terminal.ts';

type AuditOptions = {
  readonly since: number;
  readonly action?: AuditAction;
  readonly limit?: number;
  readonly output: 'table' | 'json' | 'ndjson';
};

/** Default limit of a table, because more rows are hard to read. */
const tableLimit = 1_000;

const explanation = `
Reads the audit log from the first Redis in REDIS_URL or REDIS_URL_FILE. Entries are sorted from the oldest to the newest. Times come from
the clock of that Redis.

  turnctl audit --since 30d --action key.revoked
  turnctl audit --since 1d -o ndjson >> audit.ndjson    # run daily, because Redis keeps about the newest 100 000 entries
`;

export function addAuditCommand(
  program: Command,
  { stdout, stderr, unixMs }: Terminal,
  environment: Environment,
): void {
  program
    .command('audit')
    .summary('show who changed what and when')
    .description(
      'Shows the audit log. It records who changed API keys, revocations, secrets and the policy, and which nodes were drained.',
    )
    .addHelpText('after', explanation)
    .addOption(
      new Option(
        '--since <time>',
        'show entries from this time on: an age such as 30m, 12h or 7d, or a time such as 2026-11-21T08:00:00Z',
      )
        .argParser((text) => parseSince(text, unixMs()))
        .default(unixMs() - 7 * 86_400_000, '7d'),
    )
    .addOption(new Option('--action <action>', 'show only this action').choices(auditActions))
    .option(
      '--limit <count>',
      `show only the newest entries, at most this number; default: ${tableLimit} for a table, otherwise all`,
      parseCount,
    )
    .addOption(
      new Option('-o, --output <format>', 'format on stdout; ndjson: one entry per line')
        .choices(['table', 'json', 'ndjson'])
        .default('table'),
    )
    .action(async ({ since, action, output, limit = output === 'table' ? tableLimit : Infinity }: AuditOptions) => {
      const { entries, rejected, isCut } = await readAudit({ sinceMs: since, action, limit }, environment);
      if (output === 'table') stdout.write(auditTable(entries));
      else if (output === 'json') stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
      else for (const entry of entries) stdout.write(`${JSON.stringify(entry)}\n`);
      if (isCut)
        stderr.write(
          `Only the newest ${limit} entries are shown: older entries may exist. Use --limit to show more.\n`,
        );
      if (rejected > 0) stderr.write(`Skipped invalid entries: ${rejected}\n`);
    });
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 to 9999999.');
  return Number(text);
}
