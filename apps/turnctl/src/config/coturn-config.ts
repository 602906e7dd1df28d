import { isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { CommandFault } from '../command-fault.ts';
import { coturnCliPassword, saltBytes } from './coturn-cli-password.ts';
import { comment, configText, type ConfigPart } from './config-text.ts';
import { deniedNetworks, isDeniedButUsable, isOfLocalScope, mappedNetwork } from './denied-networks.ts';
import { networkRange } from './network-range.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** coturn cuts other secrets short, or shows them in its log. */
const usableSecret = /^[A-Za-z0-9+/_-][A-Za-z0-9+/_=-]*$/;

/** coturn ends at once, with this name in its log, where its user does not exist. */
const missingSecretUser = 'the-secret-is-missing-in-the-configuration';

/** Bytes that nobody can guess. */
type RandomBytes = (size: number) => Buffer;

/**
 * A complete turnserver.conf, which that version reads without a warning: what newer ones do by themselves older ones must be told, and
 * newer ones complain of being told.
 *
 * @throws CommandFault for a secret that coturn would not read as it is
 */
export function coturnConfig(server: TurnServerSettings, version: CoturnVersion, randomBytes: RandomBytes): string {
  const head = comment(
    `coturn ${version.join('.')}, written by "turnctl config coturn" from the settings of the node's health-reporter. Write it anew for another version.`,
  );
  return `${head.join('\n')}\n\n${configText([
    { what: 'First of all, or what is said before goes to a file.', lines: ['log-file=stdout', 'simple-log'] },
    ...secretParts(server),
    ...addressParts(server),
    ...tlsParts(server, version),
    ...limitParts(server, version),
    ...peerParts(server, version),
    ...cliParts(server, version, randomBytes),
    ...olderParts(version),
  ])}`;
}

function secretParts({ secrets, realm }: TurnServerSettings): ConfigPart[] {
  for (const { id, secret } of secrets ?? []) {
    if (usableSecret.test(secret)) continue;
    throw new CommandFault(
      `The secret "${id}" cannot be written for coturn: expected A–Z, a–z, 0–9, "+", "/", "_", "-" and "=", not beginning with "="`,
    );
  }
  return [
    {
      what: 'Callers sign with a secret that the router has too (TURN REST): user <expiry>:<opaque id>, password base64(HMAC-SHA1).',
      lines: ['use-auth-secret', `realm=${realm}`, 'fingerprint'],
    },
    secrets === undefined
      ? {
          what:
            'The secret is not in this file, and coturn does not start before it is: replace this line by ' +
            'static-auth-secret=<the secret>, one line for each key of TURN_SECRETS. "--with-secrets" writes them.',
          lines: [`proc-user=${missingSecretUser}`],
        }
      : {
          what: 'All of them are tried. Keep this file from everybody but the user that coturn runs as.',
          lines: secrets.map(({ secret }) => `static-auth-secret=${secret}`),
        },
  ];
}

function addressParts({ listenAddresses, relays, port, relayPorts }: TurnServerSettings): ConfigPart[] {
  const mapped = relays.filter(({ address, publicAddress }) => address !== publicAddress);
  return [
    {
      what: 'Where callers come in over UDP and TCP, and the reporter for its probes. No other address of the host.',
      lines: [...listenAddresses.map((address) => `listening-ip=${address}`), `listening-port=${port}`],
    },
    { what: 'Where packets to peers leave from.', lines: relays.map(({ address }) => `relay-ip=${address}`) },
    {
      what: 'What peers see instead, as a NAT stands in between.',
      lines: mapped.map(({ address, publicAddress }) => `external-ip=${publicAddress}/${address}`),
    },
    {
      what: 'One port for each allocation; open them for UDP in the firewall. The reporter counts them.',
      lines: [`min-port=${relayPorts.min}`, `max-port=${relayPorts.max}`],
    },
  ];
}

function tlsParts({ tls }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  if (tls === undefined) {
    const what =
      'No TURN over TLS: TURN_TLS_PORT is not set. Without the empty names newer versions look for the default files all the same, and warn.';
    return [{ what, lines: ['no-tls', 'cert=', 'pkey=', ...withoutDtls(version)] }];
  }
  return [
    {
      what: 'TURN over TLS, for callers behind firewalls that let nothing else through. A renewed certificate is read on SIGUSR2.',
      lines: [`tls-listening-port=${tls.port}`, `cert=${tls.certificate}`, `pkey=${tls.privateKey}`],
    },
    {
      what: 'TLS 1.2 and later.',
      lines: isOlderCoturn(version, [4, 7, 0]) ? ['no-tlsv1', 'no-tlsv1_1'] : [],
    },
    { what: 'No browser speaks TURN over DTLS.', lines: withoutDtls(version) },
  ];
}

/** Off by default since coturn/coturn#2026, which says so to whoever still asks for it. */
function withoutDtls(version: CoturnVersion): string[] {
  return isOlderCoturn(version, [4, 17, 0]) ? ['no-dtls'] : [];
}

function limitParts({ relayPorts }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  return [
    {
      what:
        'Allocations of one opaque id. A call needs one for each TURN URL and network interface of the caller while it gathers. ' +
        'Smaller: a stolen credential is worth less, callers with many interfaces fail.',
      lines: ['user-quota=24'],
    },
    {
      what: 'Allocations of the server: as many as there are relay ports.',
      lines: [`total-quota=${relayPorts.max - relayPorts.min + 1}`],
    },
    {
      what: 'A spoofed sender cannot make this server send more than ten refusals (401) a second to one victim.',
      lines: isOlderCoturn(version, [4, 17, 0]) ? [] : ['unauthorized-ratelimit'],
    },
    {
      what:
        'Tell the version to whoever asks: the reporter publishes it, and warns of known holes. Older versions do so by themselves. ' +
        'Without this line nobody learns of it, attackers included.',
      lines: isOlderCoturn(version, [4, 7, 0]) ? [] : ['software-attribute'],
    },
  ];
}

/**
 * Newer ones check such an address as the IPv4 address that it is (CVE-2026-27624 in 4.9.0, all of it since coturn/coturn#1945 in 4.13.0);
 * to deny them all might then mean every IPv4 address.
 */
function isChecked(address: string, version: CoturnVersion): boolean {
  return address === mappedNetwork && !isOlderCoturn(version, [4, 13, 0]);
}

/** coturn/coturn#1947 (4.13.1): whatever is allowed, no peer in a local scope. */
function isRefusedForGood(address: string, version: CoturnVersion): boolean {
  return isOfLocalScope(address) && !isOlderCoturn(version, [4, 13, 1]);
}

function peerParts({ relays }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  const networks = deniedNetworks.filter(({ address }) => !isChecked(address, version));
  return [
    { what: 'WebRTC relays over UDP only (TCP relaying is RFC 6062).', lines: ['no-tcp-relay'] },
    {
      what:
        'Callers send to whatever peer they name, from inside your network. Everything that is not public is refused; coturn itself ' +
        "would allow most of it. It is one fence of two: let the host's firewall refuse it, too.",
      lines: [
        'no-multicast-peers',
        ...networks.flatMap((network) => [`# ${network.what}`, `denied-peer-ip=${networkRange(network)}`]),
      ],
    },
    {
      what:
        "The server's own address, which is denied above. The reporter proves that it relays by a datagram that the server sends to " +
        'itself, and two callers of this server reach each other. UDP services of the host that listen on this address can be ' +
        'reached as well: keep them off it.',
      lines: relays
        .filter(({ address }) => isDeniedButUsable(address) && !isRefusedForGood(address, version))
        .map(({ address }) => `allowed-peer-ip=${address}`),
    },
  ];
}

/** Off by default since coturn/coturn#1830 (4.10.0). */
function cliParts({ cli }: TurnServerSettings, version: CoturnVersion, randomBytes: RandomBytes): ConfigPart[] {
  const isOffByDefault = !isOlderCoturn(version, [4, 10, 0]);
  if (cli === undefined) {
    return [{ what: 'Nobody administers this server while it runs.', lines: isOffByDefault ? [] : ['no-cli'] }];
  }
  const password = coturnCliPassword(cli.password, randomBytes(saltBytes));
  return [
    {
      what:
        'By its CLI the reporter ends the relays of revoked users. Whoever knows the password can do more, such as stop this server: it is ' +
        'for programs of this host alone, and stands here as its hash.',
      lines: [
        ...(isOffByDefault ? ['cli'] : []),
        'cli-ip=127.0.0.1',
        `cli-port=${cli.port}`,
        `cli-password=${password}`,
      ],
    },
  ];
}

/** What is off by default since coturn/coturn#1688, #1689, #1690 (4.7.0). */
function olderParts(version: CoturnVersion): ConfigPart[] {
  return [
    {
      what: 'No discovery of NATs, no STUN of 2003: answers that are larger than their questions.',
      lines: isOlderCoturn(version, [4, 7, 0])
        ? ['no-rfc5780', 'no-stun-backward-compatibility', 'response-origin-only-with-rfc5780']
        : [],
    },
  ];
}
