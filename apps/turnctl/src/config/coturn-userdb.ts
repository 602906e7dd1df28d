import type { SingleTarget } from '@turn-router/registry';
import { isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { CommandFault } from '../command-fault.ts';

/** Matches users and passwords that have no special meaning in turnserver.conf or in the value of `redis-userdb`. */
const usableText = /^[A-Za-z0-9._~+/=-]+$/;

/** The longest time in which coturn tries to connect. During this time it answers no other new caller, s. */
const connectTimeoutSeconds = 2;

/**
 * Returns the value of `redis-userdb`.
 *
 * @throws CommandFault if this coturn cannot log in as the user; the message quotes no part of the URL
 */
export function coturnUserdb({ primary, database, credentials }: SingleTarget, version: CoturnVersion): string {
  const { username, password } = credentials;
  for (const [what, text] of Object.entries({ user: username, password })) {
    if (text === undefined || usableText.test(text)) continue;
    throw fault(`coturn cannot read the ${what}: expected only letters, digits and "._~+/=-"`);
  }
  if (username !== undefined && password === undefined) {
    throw fault(
      'the user has no password: expected redis://user:password@host, because coturn does not log in otherwise',
    );
  }
  // coturn/coturn#1488 (4.6.3).
  if (username !== undefined && isOlderCoturn(version, [4, 6, 3])) {
    throw fault(
      `coturn ${version.join('.')} ignores the user: expected redis://:password@host for the user "default" of a Redis for coturn alone, or coturn 4.6.3 or later`,
    );
  }
  return [
    `ip=${primary.host}`,
    `port=${primary.port}`,
    `dbname=${database}`,
    ...(username === undefined ? [] : [`user=${username}`]),
    ...(password === undefined ? [] : [`password=${password}`]),
    `connect_timeout=${connectTimeoutSeconds}`,
  ].join(' ');
}

function fault(detail: string): CommandFault {
  return new CommandFault(`COTURN_REDIS_URL: ${detail}`);
}
