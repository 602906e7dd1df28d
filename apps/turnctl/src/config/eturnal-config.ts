import { isIPv6 } from 'node:net';
import { comment, type ConfigPart } from './config-text.ts';
import { deniedNetworks, isDeniedButUsable } from './denied-networks.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** A complete eturnal.yml for eturnal 1.12, of keys of its reference alone: https://eturnal.net/doc/#Global_Configuration */
export function eturnalConfig(server: TurnServerSettings): string {
  const head = comment(
    'eturnal 1.12, written by "turnctl config eturnal" from the settings of the node\'s health-reporter.',
  );
  const parts = [
    secretPart(server),
    { what: 'Any name does; it is part of what is signed.', lines: [`realm: ${quoted(server.realm)}`] },
    listenPart(server),
    ...relayParts(server),
    ...tlsParts(server),
    ...peerParts(server),
    { what: 'To the journal, or the log of the container.', lines: ['log_dir: stdout', 'log_level: info'] },
  ].filter(({ lines }) => lines.length > 0);
  const body = parts.map(({ what, lines }) => [...comment(what), ...lines].map((line) => `  ${line}\n`).join(''));
  return `${head.join('\n')}\n\neturnal:\n${body.join('\n')}`;
}

function secretPart({ secrets }: TurnServerSettings): ConfigPart {
  return secrets === undefined
    ? {
        what:
          'The secret is not in this file, and eturnal does not start before it is: write it here, or a list of all keys of ' +
          'TURN_SECRETS. "--with-secrets" does so. Or take the line away and set ETURNAL_SECRET in the environment of eturnal.',
        lines: ['secret: ""'],
      }
    : {
        what: 'All of them are tried. Keep this file from everybody but the user that eturnal runs as.',
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
    what: 'Where callers come in, and the reporter for its probes. No other address of the host.',
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
      what: 'Where peers send to.',
      lines: relays.map(
        ({ publicAddress }) => `relay_ipv${isIPv6(publicAddress) ? 6 : 4}_addr: ${quoted(publicAddress)}`,
      ),
    },
    {
      what: 'One port for each allocation; open them for UDP in the firewall. The reporter counts them.',
      lines: [`relay_min_port: ${relayPorts.min}`, `relay_max_port: ${relayPorts.max}`],
    },
  ];
}

function tlsParts({ tls }: TurnServerSettings): ConfigPart[] {
  if (tls === undefined) return [];
  return [
    {
      what: 'TURN over TLS, for callers behind firewalls that let nothing else through. "eturnalctl reload" reads a renewed certificate.',
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
        'Callers send to whatever peer they name, from inside your network. Everything that is not public is refused: what eturnal ' +
        "recommends, and more. It is one fence of two: let the host's firewall refuse it, too.",
      lines: [
        'blacklist_peers:',
        '  - recommended',
        ...deniedNetworks.map(({ address, prefix, what }) => `  - ${quoted(`${address}/${prefix}`)} # ${what}`),
      ],
    },
    {
      what:
        "The server's own address, which is denied above. The reporter proves that it relays by a datagram that the server sends to " +
        'itself, and two callers of this server reach each other. UDP services of the host that listen on this address can be ' +
        'reached as well: keep them off it.',
      lines: own.length === 0 ? [] : ['whitelist_peers:', ...own.map((address) => `  - ${quoted(address)}`)],
    },
  ];
}

/** A double-quoted scalar: JSON's strings are YAML's (YAML 1.2.2 §1.3). */
function quoted(text: string): string {
  return JSON.stringify(text);
}
