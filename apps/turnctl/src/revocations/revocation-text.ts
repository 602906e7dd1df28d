import { isInForce, wholeKeyOf, type Revocation } from '@turn-router/contract/registry';
import Table from 'cli-table3';

/** One line for each revocation. @param nowMs Unix time, ms */
export function revocationsTable(revocations: ReadonlyMap<string, Revocation>, nowMs: number): string {
  if (revocations.size === 0) return 'Nobody is revoked.\n';
  const table = new Table({
    head: ['subject', 'since', 'until', 'TURN users', 'reason'],
    style: { head: [], border: [] },
  });
  for (const [subject, revocation] of revocations) {
    const until = untilText(revocation);
    table.push([
      subject,
      timeText(revocation.at_ms),
      isInForce(revocation, nowMs) ? until : `${until}, over`,
      revocation.turn_users.join('\n'),
      revocation.reason ?? '',
    ]);
  }
  return `${table.toString()}\n`;
}

/** By which eturnal ends the relays of a TURN user, on each node. */
export function eturnalCommands({ turn_users: turnUsers }: Revocation): string[] {
  return turnUsers.map((user) => `eturnalctl disconnect '${user}'`);
}

/** What was done, and what is left to do. */
export function revokedText(subject: string, revocation: Revocation, isKeyTakenAway: boolean): string {
  const { turn_users: turnUsers } = revocation;
  return [
    `revoked: ${subject}, ${revocation.until_ms === undefined ? 'for good' : `until ${untilText(revocation)}`}`,
    ...(isKeyTakenAway ? ['The API key is taken away.'] : []),
    ...(turnUsers.length === 0 ? [relaysStayText(subject)] : endingText(revocation)),
    '',
  ].join('\n');
}

function endingText(revocation: Revocation): string[] {
  return [
    `TURN users: ${revocation.turn_users.join(' ')}`,
    'coturn: health-reporters with TURN_CLI_PASSWORD and REDIS_URL end their relays.',
    'eturnal: end them on each node by',
    ...eturnalCommands(revocation).map((command) => `  ${command}`),
  ];
}

function relaysStayText(subject: string): string {
  return wholeKeyOf(subject) === undefined
    ? 'Relays that run go on, and credentials open further ones until they expire.'
    : 'Relays that run go on, and credentials open further ones until they expire: which users the key has had, nobody knows. ' +
        'Those that you know can be revoked with --key.';
}

function untilText({ until_ms: untilMs }: Revocation): string {
  return untilMs === undefined ? '' : timeText(untilMs);
}

function timeText(unixMs: number): string {
  const time = new Date(unixMs);
  return Number.isNaN(time.getTime()) ? '?' : `${time.toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;
}
