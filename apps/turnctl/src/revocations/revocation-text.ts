import { isInForce, wholeKeyOf, type Revocation } from '@turn-router/contract/registry';
import Table from 'cli-table3';

/** Returns a table with one row for each revocation. @param nowMs Unix time, ms */
export function revocationsTable(revocations: ReadonlyMap<string, Revocation>, nowMs: number): string {
  if (revocations.size === 0) return 'No revocations.\n';
  const table = new Table({
    head: ['subject', 'since', 'until', 'TURN users', 'reason'],
    style: { head: [], border: [] },
  });
  for (const [subject, revocation] of revocations) {
    const until = untilText(revocation);
    table.push([
      subject,
      timeText(revocation.at_ms),
      isInForce(revocation, nowMs) ? until : `${until}, expired`,
      revocation.turn_users.join('\n'),
      revocation.reason ?? '',
    ]);
  }
  return `${table.toString()}\n`;
}

/** Returns the commands that end the relays of the TURN users. They must run on each eturnal node. */
export function eturnalCommands({ turn_users: turnUsers }: Revocation): string[] {
  return turnUsers.map((user) => `eturnalctl disconnect '${user}'`);
}

/** Returns a summary of the revocation, and the remaining steps for the operator. */
export function revokedText(subject: string, revocation: Revocation, isKeyDeleted: boolean): string {
  const { turn_users: turnUsers } = revocation;
  return [
    `revoked: ${subject}, ${revocation.until_ms === undefined ? 'no end time' : `until ${untilText(revocation)}`}`,
    ...(isKeyDeleted ? ['The API key was deleted.'] : []),
    ...(turnUsers.length === 0 ? [relaysStayText(subject)] : endingText(revocation)),
    '',
  ].join('\n');
}

function endingText(revocation: Revocation): string[] {
  return [
    `TURN users: ${revocation.turn_users.join(' ')}`,
    'coturn: health-reporters that have TURN_CLI_PASSWORD and REDIS_URL end the relays of these users.',
    'eturnal: run these commands on each node to end the relays of these users:',
    ...eturnalCommands(revocation).map((command) => `  ${command}`),
  ];
}

function relaysStayText(subject: string): string {
  return wholeKeyOf(subject) === undefined
    ? 'Running relays continue. Credentials that are already issued can open new relays until they expire.'
    : 'Running relays continue. Credentials that are already issued can open new relays until they expire. No list of the key’s users ' +
        'exists. If you know users of this key, revoke each of them with --key.';
}

function untilText({ until_ms: untilMs }: Revocation): string {
  return untilMs === undefined ? '' : timeText(untilMs);
}

function timeText(unixMs: number): string {
  const time = new Date(unixMs);
  return Number.isNaN(time.getTime()) ? '?' : `${time.toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;
}
