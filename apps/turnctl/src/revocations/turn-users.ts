import type { Environment } from '@turn-router/settings';
import { createTurnUsers } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';
import { readKeys } from '../secrets/read-keys.ts';

/**
 * Under which TURN servers may know a subject, by the keys of TURN_SECRETS.
 *
 * @throws CommandFault where TURN_SECRETS cannot be used
 */
export function turnUsersOf(subject: string, environment: Environment): string[] {
  const read = readKeys(environment);
  if (read.ok) return createTurnUsers(read.config)(subject);
  const faults = read.faults.map(({ field, detail }) => `${field}: ${detail}`);
  throw new CommandFault(
    [...faults, 'The routers’ TURN_SECRETS tell whose relays to end; --no-relays revokes without.'].join('\n'),
  );
}
