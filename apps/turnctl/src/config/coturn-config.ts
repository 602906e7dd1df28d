import { isOlderCoturn, type CoturnVersion } from '@turn-router/stun';
import { coturnCliPassword, saltBytes } from './coturn-cli-password.ts';
import { coturnSecretParts } from './coturn-secrets.ts';
import { comment, configText, type ConfigPart } from './config-text.ts';
import { deniedNetworks, isDeniedButUsable, isOfLocalScope, mappedNetwork } from './denied-networks.ts';
import { networkRange } from './network-range.ts';
import type { TurnServerSettings } from './turn-server-settings.ts';

/** A source of cryptographically secure random bytes. */
type RandomBytes = (size: number) => Buffer;

/**
 * Returns a complete turnserver.conf that this version of coturn reads without a warning. Older versions need settings that are the default in
 * newer versions, and newer versions warn about them.
 *
 * @throws CommandFault for a secret that coturn would not read unchanged
 */
export function coturnConfig(server: TurnServerSettings, version: CoturnVersion, randomBytes: RandomBytes): string {
  const head = comment(
    `For coturn ${version.join('.')}, written by "turnctl config coturn" from the settings of the node's health-reporter. For another version of coturn, generate the file again.`,
  );
  return `${head.join('\n')}\n\n${configText([
    {
      what: 'These lines must come first. Otherwise, coturn writes its first log lines to a file.',
      lines: ['log-file=stdout', 'simple-log'],
    },
    ...coturnSecretParts(server, version),
    ...addressParts(server),
    ...tlsParts(server, version),
    ...limitParts(server, version),
    ...peerParts(server, version),
    ...cliParts(server, version, randomBytes),
    ...olderParts(version),
  ])}`;
}

function addressParts({ listenAddresses, relays, port, relayPorts }: TurnServerSettings): ConfigPart[] {
  const mapped = relays.filter(({ address, publicAddress }) => address !== publicAddress);
  return [
    {
      what: 'Addresses on which coturn listens over UDP and TCP, for callers and for the probes of the reporter.',
      lines: [...listenAddresses.map((address) => `listening-ip=${address}`), `listening-port=${port}`],
    },
    {
      what: 'Addresses from which coturn sends packets to peers.',
      lines: relays.map(({ address }) => `relay-ip=${address}`),
    },
    {
      what: 'Public addresses that peers see, because coturn is behind a NAT.',
      lines: mapped.map(({ address, publicAddress }) => `external-ip=${publicAddress}/${address}`),
    },
    {
      what: 'Relay ports, one for each allocation. Open them for UDP in the firewall. The reporter counts the ports in use.',
      lines: [`min-port=${relayPorts.min}`, `max-port=${relayPorts.max}`],
    },
  ];
}

function tlsParts({ tls }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  if (tls === undefined) {
    const what =
      'TURN over TLS is off, because TURN_TLS_PORT is not set. The file names are empty on purpose: otherwise newer versions look for their default files and warn.';
    return [{ what, lines: ['no-tls', 'cert=', 'pkey=', ...withoutDtls(version)] }];
  }
  return [
    {
      what: 'TURN over TLS, for callers behind restrictive firewalls. After you renew the certificate, send SIGUSR2 to reload it.',
      lines: [`tls-listening-port=${tls.port}`, `cert=${tls.certificate}`, `pkey=${tls.privateKey}`],
    },
    {
      what: 'Accepts only TLS 1.2 and later.',
      lines: isOlderCoturn(version, [4, 7, 0]) ? ['no-tlsv1', 'no-tlsv1_1'] : [],
    },
    { what: 'DTLS is off, because no browser supports TURN over DTLS.', lines: withoutDtls(version) },
  ];
}

/** DTLS is off by default since coturn/coturn#2026 (4.17.0), and `no-dtls` causes a warning since then. */
function withoutDtls(version: CoturnVersion): string[] {
  return isOlderCoturn(version, [4, 17, 0]) ? ['no-dtls'] : [];
}

function limitParts({ relayPorts }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  return [
    {
      what:
        'Maximum number of allocations of one opaque user id. While a caller gathers candidates, it needs one allocation for each TURN URL and ' +
        'network interface. With a smaller value, a stolen credential is less useful, but callers with many interfaces fail.',
      lines: ['user-quota=24'],
    },
    {
      what: 'Maximum number of allocations of the server. This is the number of relay ports.',
      lines: [`total-quota=${relayPorts.max - relayPorts.min + 1}`],
    },
    {
      what: 'coturn sends at most ten refusals (401) per second to one address. So an attacker with a forged address cannot flood a victim.',
      lines: isOlderCoturn(version, [4, 17, 0]) ? [] : ['unauthorized-ratelimit'],
    },
    {
      what:
        'coturn shows its version in its answers. The reporter publishes the version and warns of known vulnerabilities. ' +
        'Attackers can read the version too. Without this line, the version stays hidden from everybody.',
      lines: isOlderCoturn(version, [4, 7, 0]) ? [] : ['software-attribute'],
    },
  ];
}

/**
 * Whether coturn checks IPv4-mapped addresses as IPv4 addresses: partly since 4.9.0 (CVE-2026-27624), completely since 4.13.0
 * (coturn/coturn#1945). If coturn checks them so, a rule that denies the mapped network might deny every IPv4 address.
 */
function isCheckedAsIpv4(address: string, version: CoturnVersion): boolean {
  return address === mappedNetwork && !isOlderCoturn(version, [4, 13, 0]);
}

/** Whether coturn always refuses this peer. Since coturn/coturn#1947 (4.13.1) it refuses local scopes even if they are allowed. */
function isAlwaysRefused(address: string, version: CoturnVersion): boolean {
  return isOfLocalScope(address) && !isOlderCoturn(version, [4, 13, 1]);
}

function peerParts({ relays }: TurnServerSettings, version: CoturnVersion): ConfigPart[] {
  const networks = deniedNetworks.filter(({ address }) => !isCheckedAsIpv4(address, version));
  return [
    { what: 'TCP relaying (RFC 6062) is off, because WebRTC relays only over UDP.', lines: ['no-tcp-relay'] },
    {
      what:
        'Through this server, callers can send to peers from inside your network. By default coturn allows most private addresses, so this list denies ' +
        "every address that is not public. Deny these addresses in the host's firewall too, as a second barrier.",
      lines: [
        'no-multicast-peers',
        ...networks.flatMap((network) => [`# ${network.what}`, `denied-peer-ip=${networkRange(network)}`]),
      ],
    },
    {
      what:
        "The server's own address is an exception from the list above. The reporter needs it, because its probe relays a datagram from the server to " +
        'the server itself. Two callers on this server also need it to reach each other. But callers can then reach UDP services of this host on this ' +
        'address. So no other UDP service should listen on this address.',
      lines: relays
        .filter(({ address }) => isDeniedButUsable(address) && !isAlwaysRefused(address, version))
        .map(({ address }) => `allowed-peer-ip=${address}`),
    },
  ];
}

/** The CLI is off by default since coturn/coturn#1830 (4.10.0). */
function cliParts({ cli }: TurnServerSettings, version: CoturnVersion, randomBytes: RandomBytes): ConfigPart[] {
  const isOffByDefault = !isOlderCoturn(version, [4, 10, 0]);
  if (cli === undefined) {
    return [{ what: "coturn's CLI is off.", lines: isOffByDefault ? [] : ['no-cli'] }];
  }
  const password = coturnCliPassword(cli.password, randomBytes(saltBytes));
  return [
    {
      what:
        "The reporter uses coturn's CLI to end the relays of revoked users. A person with the password can also run other commands, such as stopping " +
        'this server. So the CLI listens only on this host, and this file contains only the hash of the password.',
      lines: [
        ...(isOffByDefault ? ['cli'] : []),
        'cli-ip=127.0.0.1',
        `cli-port=${cli.port}`,
        `cli-password=${password}`,
      ],
    },
  ];
}

/** Features that are off by default since coturn/coturn#1688, #1689, #1690 (4.7.0). */
function olderParts(version: CoturnVersion): ConfigPart[] {
  return [
    {
      what: 'NAT discovery (RFC 5780) and the old STUN of 2003 are off. Their answers are larger than the requests, so attackers could use them to flood others.',
      lines: isOlderCoturn(version, [4, 7, 0])
        ? ['no-rfc5780', 'no-stun-backward-compatibility', 'response-origin-only-with-rfc5780']
        : [],
    },
  ];
}
