import type { Environment } from '@turn-router/settings';
import { createTurnUsers } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';
import { readKeys } from '../secrets/read-keys.ts';

/**
 * Returns the opaque user ids under which TURN servers may know a subject, one for each key of TURN_SECRETS.
 *
 * @throws CommandFault if TURN_SECRETS is missing or invalid
 */
export function turnUsersOf(subject: string, environment: Environment): string[] {
  const read = readKeys(environment);
  if (read.ok) return createTurnUsers(read.config)(subject);
  const faults = read.faults.map(({ field, detail }) => `${field}: ${detail}`);
  throw new CommandFault(
    [
      ...faults,
      'The routers’ TURN_SECRETS are needed to end running relays. Use --no-relays to revoke without them.',
    ].join('\n'),
  );
}
