import type { CoturnVersion } from '@turn-router/stun';
import { CommandFault } from '../command-fault.ts';
import type { ConfigPart } from './config-text.ts';
import { coturnUserdb } from './coturn-userdb.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** Matches secrets that coturn reads unchanged. coturn truncates other secrets, or writes them to its log. */
const usableSecret = /^[A-Za-z0-9+/_-][A-Za-z0-9+/_=-]*$/;

/** A user that does not exist. With this user in the file, coturn exits at start and logs the name. */
const missingSecretUser = 'the-secret-is-missing-in-the-configuration';

/**
 * Returns the settings for TURN REST, and either the secrets or the Redis from which coturn reads them.
 *
 * @throws CommandFault for a secret or a Redis user that this coturn would not read unchanged; the message contains no secret
 */
export function coturnSecretParts(
  { secrets, userdb, realm }: TurnServerSettings,
  version: CoturnVersion,
): ConfigPart[] {
  for (const { id, secret } of secrets ?? []) {
    if (usableSecret.test(secret)) continue;
    throw new CommandFault(
      `coturn cannot read the secret "${id}": expected only A–Z, a–z, 0–9, "+", "/", "_", "-" and "=", not beginning with "="`,
    );
  }
  return [
    {
      what: 'The router signs credentials with a secret that this server also has (TURN REST). User: <expiry>:<opaque id>. Password: base64(HMAC-SHA1).',
      lines: ['use-auth-secret', `realm=${realm}`, 'fingerprint'],
    },
    userdb === undefined ? staticSecretsPart(secrets) : userdbPart(coturnUserdb(userdb, version)),
  ];
}

/**
 * With the last two settings, coturn reads nothing but secrets from Redis. Otherwise it searches all keys every few seconds (KEYS), and permitted
 * peers in Redis would override the denied ones.
 */
function userdbPart(userdb: string): ConfigPart {
  return {
    what:
      'coturn reads its secrets from this Redis for each new caller. So a rotation needs no restart. "turnctl secrets store" writes the secrets. ' +
      'While this Redis does not answer, coturn refuses new allocations, and running allocations continue. coturn writes the password in this line to ' +
      'its log. So the Redis should listen on this host only, and this user should only read these secrets.',
    lines: [`redis-userdb="${userdb}"`, 'no-dynamic-realms', 'no-dynamic-ip-list'],
  };
}

function staticSecretsPart(secrets: TurnServerSettings['secrets']): ConfigPart {
  return secrets === undefined
    ? {
        what:
          'This file contains no secret yet, so coturn does not start. Replace this line with static-auth-secret=<the secret>, one line for ' +
          'each key of TURN_SECRETS. Or generate the file with "--with-secrets", which writes these lines.',
        lines: [`proc-user=${missingSecretUser}`],
      }
    : {
        what: 'coturn accepts credentials of each of these secrets. Only the user account of coturn may read this file.',
        lines: secrets.map(({ secret }) => `static-auth-secret=${secret}`),
      };
}
