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

/** Settings of the peer listeners. Over these, routers count calls together while Redis is unreachable. */
export const peerSettings = {
  PEERS: {
    meaning:
      'Peer listeners of all routers of the fleet, comma-separated; this router may be among them. While Redis is unreachable, the routers count calls together over these listeners. A name may resolve to several addresses, as the name of a service with replicas does. Unset: there is no peer listener, and while Redis is unreachable each router enforces a part of every limit',
    expected: 'host:port, IPv6 addresses in brackets, such as router-1:8082,[2001:db8::1]:8082',
    schema: addressesSchema,
  },
  PEER_SECRET: {
    meaning:
      'Secret that routers use to authenticate each other. It must be the same at all routers. Needed with PEERS. If some routers have a different secret, each router enforces a part of every limit while Redis is unreachable',
    expected: 'at least 32 characters of printable ASCII without spaces',
    schema: z.string().regex(/^[\x21-\x7e]{32,}$/),
    secret: true,
  },
  PEER_HOST: {
    meaning: 'Address of the peer listener. Unset: every address of the machine',
    expected: 'an IP address without brackets, or a host name',
    schema: z.string().regex(/^[A-Za-z0-9._:-]{1,253}$/),
  },
  PEER_PORT: { meaning: 'Port of the peer listener', ...portSetting, default: '8082' },
} as const satisfies Settings;

type Values = Partial<SettingValues<typeof peerSettings>>;

/**
 * Finds contradictions between these settings.
 *
 * @param given names of all settings that are set, valid or not
 * @param others all other secrets, by setting
 */
export function findPeerFaults(
  { PEER_SECRET: secret }: Values,
  given: ReadonlySet<string>,
  others: readonly (readonly [name: string, secret: string])[],
): FieldFault[] {
  const faults: FieldFault[] = [];
  const add = (field: string, detail: string) => faults.push({ field, detail });
  if (given.has('PEERS') && !given.has('REDIS_URL')) {
    add(
      'PEERS',
      'This setting needs REDIS_URL: set both or neither, because routers with embedded registries cannot share limits',
    );
  }
  if (given.has('PEERS') && !given.has('PEER_SECRET')) {
    add('PEER_SECRET', 'Missing: expected the secret of all routers, because PEERS is set');
  }
  if (given.has('PEER_SECRET') && !given.has('PEERS')) {
    add('PEERS', 'Missing: expected the peer listeners of all routers, because PEER_SECRET is set');
  }
  if (secret !== undefined) {
    for (const detail of findSecretFaults(secret)) add('PEER_SECRET', detail);
    const same = others.find(([, other]) => other === secret)?.[0];
    if (same !== undefined) add('PEER_SECRET', `Equals ${same}: expected a different secret`);
  }
  return faults;
}

export function peerConfigFrom({
  PEERS,
  PEER_HOST: host,
  PEER_PORT: port,
}: SettingValues<typeof peerSettings>): RouterConfig['peers'] {
  return PEERS === undefined ? undefined : { addresses: PEERS, host, port };
}
