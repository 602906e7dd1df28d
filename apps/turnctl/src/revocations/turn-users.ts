import { wholeKeyOf } from '@turn-router/contract';
import type { Environment } from '@turn-router/settings';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';
import { readKeys } from '../secrets/read-keys.ts';

/**
 * Under which TURN servers may know a subject: one for each key of TURN_SECRETS, as relays outlive a rotation. None for a key with everybody
 * under it, since nobody keeps a list of its users.
 *
 * @throws CommandFault where TURN_SECRETS cannot be used
 */
export function turnUsersOf(subject: string, environment: Environment): string[] {
  if (wholeKeyOf(subject) !== undefined) return [];
  const read = readKeys(environment);
  if (read.ok) return read.config.keys.map((key) => createOpaqueUserId(key)(subject));
  const faults = read.faults.map(({ field, detail }) => `${field}: ${detail}`);
  throw new CommandFault(
    [...faults, 'The routers’ TURN_SECRETS tell whose relays to end; --no-relays revokes without.'].join('\n'),
  );
}
