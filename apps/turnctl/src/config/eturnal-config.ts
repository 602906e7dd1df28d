import { isIPv6 } from 'node:net';
import { comment, type ConfigPart } from './config-text.ts';
import { deniedNetworks, isDeniedButUsable } from './denied-networks.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** Returns a complete eturnal.yml for eturnal 1.12. Uses only keys of its reference: https://eturnal.net/doc/#Global_Configuration */
export function eturnalConfig(server: TurnServerSettings): string {
  const head = comment(
    'eturnal 1.12, written by "turnctl config eturnal" from the settings of the node\'s health-reporter.',
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
      what: 'Logs go to stdout: to the journal, or to the log of the container.',
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
          'This file contains no secret yet, and eturnal does not start without one. Write the secret here, or a list of all keys of ' +
          'TURN_SECRETS; "--with-secrets" does this. Or delete the line and set ETURNAL_SECRET in the environment of eturnal.',
        lines: ['secret: ""'],
      }
    : {
        what: 'eturnal accepts all of these secrets. Only the user that eturnal runs as may read this file.',
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
      what: 'TURN over TLS, for callers behind restrictive firewalls. "eturnalctl reload" loads a renewed certificate.',
      lines: [`tls_crt_file: ${quoted(tls.certificate)}`, `tls_key_file: ${quoted(tls.privateKey)}`],
    },
    {
      what: 'TLS 1.2 and later.',
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
        'Callers can send to any peer from inside your network. Every address that is not public is denied: the list that eturnal ' +
        "recommends, and more. Deny them in the host's firewall as well, as a second barrier.",
      lines: [
        'blacklist_peers:',
        '  - recommended',
        ...deniedNetworks.map(({ address, prefix, what }) => `  - ${quoted(`${address}/${prefix}`)} # ${what}`),
      ],
    },
    {
      what:
        "The server's own address, an exception from the list above. The reporter needs it: its probe relays a datagram from the server to itself. " +
        'Two callers on this server need it to reach each other. Callers can also reach UDP services of the host on this address: let ' +
        'none listen there.',
      lines: own.length === 0 ? [] : ['whitelist_peers:', ...own.map((address) => `  - ${quoted(address)}`)],
    },
  ];
}

/** Writes a double-quoted scalar. JSON strings are valid YAML (YAML 1.2.2 §1.3). */
function quoted(text: string): string {
  return JSON.stringify(text);
}
