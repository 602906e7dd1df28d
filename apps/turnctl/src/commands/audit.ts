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

/** As many as a table is still read. */
const tableLimit = 1_000;

const explanation = `
It is read from the Redis that REDIS_URL or REDIS_URL_FILE names (of several, from the first), oldest entry first. Times are by the clock of
that Redis.

  turnctl audit --since 30d --action key.revoked
  turnctl audit --since 1d -o ndjson >> audit.ndjson    # every day: Redis keeps about the newest 100 000
`;

export function addAuditCommand(
  program: Command,
  { stdout, stderr, unixMs }: Terminal,
  environment: Environment,
): void {
  program
    .command('audit')
    .summary('show who changed what and when')
    .description('Shows the audit log: who changed keys, secrets and the policy, and which nodes were drained.')
    .addHelpText('after', explanation)
    .addOption(
      new Option('--since <time>', 'how far back: 30m, 12h, 7d, or a moment such as 2026-11-21T08:00:00Z')
        .argParser((text) => parseSince(text, unixMs()))
        .default(unixMs() - 7 * 86_400_000, '7d'),
    )
    .addOption(new Option('--action <action>', 'only this').choices(auditActions))
    .option('--limit <count>', `the newest of them; default: ${tableLimit} in a table, else all`, parseCount)
    .addOption(
      new Option('-o, --output <format>', 'on stdout; ndjson: an entry a line')
        .choices(['table', 'json', 'ndjson'])
        .default('table'),
    )
    .action(async ({ since, action, output, limit = output === 'table' ? tableLimit : Infinity }: AuditOptions) => {
      const { entries, rejected, isCut } = await readAudit({ sinceMs: since, action, limit }, environment);
      if (output === 'table') stdout.write(auditTable(entries));
      else if (output === 'json') stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
      else for (const entry of entries) stdout.write(`${JSON.stringify(entry)}\n`);
      if (isCut) stderr.write(`There may be older ones: only the newest ${limit} are shown (--limit).\n`);
      if (rejected > 0) stderr.write(`What stands among them and is no entry: ${rejected}\n`);
    });
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return Number(text);
}
