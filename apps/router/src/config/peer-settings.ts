import type { FieldFault } from '@turn-router/contract/http';
import { portSetting, type Settings, type SettingValues } from '@turn-router/settings';
import { findSecretFaults } from '@turn-router/turn-credentials';
import { z } from 'zod';
import { parsePeerAddress } from '../callers/peers/peer-address.ts';
import { listOf } from './list-of.ts';
import type { RouterConfig } from './router-config.ts';

const addressesSchema = z
  .string()
  .transform((text) => listOf(text).map(parsePeerAddress))
  .pipe(z.array(z.object({ host: z.string(), port: z.number() })).min(1));

/** Where routers find each other while Redis is away. */
export const peerSettings = {
  PEERS: {
    meaning:
      'Peer listeners of all routers of the fleet, this one may be among them, comma list: while Redis is away they agree on limits by them. A name may stand for several addresses, such as a service with replicas. Unset: each keeps to its share, and there is no such listener',
    expected: 'host:port, IPv6 addresses in brackets, such as router-1:8082,[2001:db8::1]:8082',
    schema: addressesSchema,
  },
  PEER_SECRET: {
    meaning:
      'What routers show each other, the same at all of them; needed with PEERS. While some have another one, all keep to their shares when Redis is away',
    expected: 'at least 32 characters of printable ASCII without spaces',
    schema: z.string().regex(/^[\x21-\x7e]{32,}$/),
    secret: true,
  },
  PEER_HOST: {
    meaning: 'Address of the peer listener; unset: all of the machine',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
  },
  PEER_PORT: { meaning: 'Port of the peer listener', ...portSetting, default: '8082' },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof peerSettings>>;

/**
 * What the settings must keep among themselves.
 *
 * @param given names that are set, rightly or not
 * @param others what else nobody may see, by the setting that it is in
 */
export function findPeerFaults(
  { PEER_SECRET: secret }: Values,
  given: ReadonlySet<string>,
  others: readonly (readonly [name: string, secret: string])[],
): FieldFault[] {
  const details: FieldFault[] = [];
  const say = (field: string, detail: string) => details.push({ field, detail });
  if (given.has('PEERS') && !given.has('REDIS_URL')) {
    say(
      'PEERS',
      'Given without REDIS_URL: expected both or neither, as routers with embedded registries share nothing',
    );
  }
  if (given.has('PEERS') && !given.has('PEER_SECRET')) {
    say('PEER_SECRET', 'Missing: expected a secret of all routers, as PEERS is given');
  }
  if (given.has('PEER_SECRET') && !given.has('PEERS')) {
    say('PEERS', 'Missing: expected the peer listeners of all routers, as PEER_SECRET is given');
  }
  if (secret !== undefined) {
    for (const detail of findSecretFaults(secret)) say('PEER_SECRET', detail);
    const same = others.find(([, other]) => other === secret)?.[0];
    if (same !== undefined) say('PEER_SECRET', `The same as in ${same}: expected a secret of its own`);
  }
  return details;
}

export function peerConfigFrom({
  PEERS,
  PEER_HOST: host,
  PEER_PORT: port,
}: SettingValues<typeof peerSettings>): RouterConfig['peers'] {
  return PEERS === undefined ? undefined : { addresses: PEERS, host, port };
}
