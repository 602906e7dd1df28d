import { isIPv6 } from 'node:net';
import { comment, type ConfigPart } from './config-text.ts';
import { deniedNetworks, isDeniedButUsable } from './denied-networks.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** Returns a complete eturnal.yml for eturnal 1.12. Uses only keys that the reference of eturnal lists: https://eturnal.net/doc/#Global_Configuration */
export function eturnalConfig(server: TurnServerSettings): string {
  const head = comment(
    'For eturnal 1.12, written by "turnctl config eturnal" from the settings of the node\'s health-reporter.',
  );
  const parts = [
    secretPart(server),
    {
      what: 'The realm can be any name. Clients sign their requests with it.',
      lines: [`realm: ${quoted(server.realm)}`],
    },
    listenPart(server),
    ...relayParts(server),
    ...tlsParts(server),
    ...peerParts(server),
    {
      what: 'eturnal writes its log to stdout, and so to the journal or the log of the container.',
      lines: ['log_dir: stdout', 'log_level: info'],
    },
  ].filter(({ lines }) => lines.length > 0);
  const body = parts.map(({ what, lines }) => [...comment(what), ...lines].map((line) => `  ${line}\n`).join(''));
  return `${head.join('\n')}\n\neturnal:\n${body.join('\n')}`;
}

function secretPart({ secrets }: TurnServerSettings): ConfigPart {
  return secrets === undefined
    ? {
        what:
          'This file contains no secret yet, so eturnal does not start. Write the secret here, or a list of all keys of TURN_SECRETS. Or generate ' +
          'the file with "--with-secrets". Or delete the line, and set ETURNAL_SECRET in the environment of eturnal.',
        lines: ['secret: ""'],
      }
    : {
        what: 'eturnal accepts credentials of each of these secrets. Only the user account of eturnal may read this file.',
        lines: ['secret:', ...secrets.map(({ secret }) => `  - ${quoted(secret)}`)],
      };
}

function listenPart({ listenAddresses, port, tls }: TurnServerSettings): ConfigPart {
  const transports = [
    { transport: 'udp', port },
    { transport: 'tcp', port },
    ...(tls === undefined ? [] : [{ transport: 'tls', port: tls.port }]),
  ];
  const listeners = listenAddresses.flatMap((ip) => transports.map((transport) => ({ ip, ...transport })));
  return {
    what: 'Addresses on which eturnal listens, for callers and for the probes of the reporter.',
    lines: [
      'listen:',
      ...listeners.map(
        (listener) => `  - {ip: ${quoted(listener.ip)}, port: ${listener.port}, transport: ${listener.transport}}`,
      ),
    ],
  };
}

function relayParts({ relays, relayPorts }: TurnServerSettings): ConfigPart[] {
  return [
    {
      what: 'Public addresses to which peers send.',
      lines: relays.map(
        ({ publicAddress }) => `relay_ipv${isIPv6(publicAddress) ? 6 : 4}_addr: ${quoted(publicAddress)}`,
      ),
    },
    {
      what: 'Relay ports, one for each allocation. Open them for UDP in the firewall. The reporter counts the ports in use.',
      lines: [`relay_min_port: ${relayPorts.min}`, `relay_max_port: ${relayPorts.max}`],
    },
  ];
}

function tlsParts({ tls }: TurnServerSettings): ConfigPart[] {
  if (tls === undefined) return [];
  return [
    {
      what: 'TURN over TLS, for callers behind restrictive firewalls. After you renew the certificate, run "eturnalctl reload" to load it.',
      lines: [`tls_crt_file: ${quoted(tls.certificate)}`, `tls_key_file: ${quoted(tls.privateKey)}`],
    },
    {
      what: 'Accepts only TLS 1.2 and later.',
      lines: [
        'tls_options:',
        ...['no_tlsv1', 'no_tlsv1_1', 'cipher_server_preference'].map((option) => `  - ${option}`),
      ],
    },
  ];
}

function peerParts({ relays }: TurnServerSettings): ConfigPart[] {
  const own = relays.flatMap(({ publicAddress }) => (isDeniedButUsable(publicAddress) ? [publicAddress] : []));
  return [
    {
      what:
        'Through this server, callers can send to peers from inside your network. So every address that is not public is denied. The word ' +
        "recommended stands for eturnal's own list; the lines below add more networks. Deny these addresses in the host's firewall too, as a second barrier.",
      lines: [
        'blacklist_peers:',
        '  - recommended',
        ...deniedNetworks.map(({ address, prefix, what }) => `  - ${quoted(`${address}/${prefix}`)} # ${what}`),
      ],
    },
    {
      what:
        "The server's own address is an exception from the list above. The reporter needs it, because its probe relays a datagram from the server to " +
        'the server itself. Two callers on this server also need it to reach each other. But callers can then reach UDP services of this host on this ' +
        'address. So no other UDP service should listen on this address.',
      lines: own.length === 0 ? [] : ['whitelist_peers:', ...own.map((address) => `  - ${quoted(address)}`)],
    },
  ];
}

/** Writes a double-quoted scalar. JSON strings are valid YAML (YAML 1.2.2 §1.3). */
function quoted(text: string): string {
  return JSON.stringify(text);
}
