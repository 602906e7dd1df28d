import type { Environment } from '@turn-router/settings';
import { createTurnUsers } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';
import { readKeys, type Warn } from '../secrets/read-keys.ts';

/**
 * Returns the opaque user ids that a subject may have on TURN servers: one for each key of TURN_SECRETS.
 *
 * @throws CommandFault if TURN_SECRETS is missing or invalid
 */
export function turnUsersOf(subject: string, environment: Environment, warn: Warn): string[] {
  const read = readKeys(environment, warn);
  if (read.ok) return createTurnUsers(read.config)(subject);
  const faults = read.faults.map(({ field, detail }) => `${field}: ${detail}`);
  throw new CommandFault(
    [
      ...faults,
      'To end running relays, set TURN_SECRETS as in the routers. To let relays continue, use --no-relays.',
    ].join('\n'),
  );
}
