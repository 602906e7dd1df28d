import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  cableBytes,
  startCoturn,
  startRoutedNetwork,
  whyNoRoutedNetwork,
  type CoturnServer,
  type RoutedHost,
  temporaryDirectory,
  type RoutedNetwork,
  type TemporaryDirectory,
  makeCertificateChain,
} from '@turn-router/testing';
import { fileURLToPath } from 'node:url';
import { credentialsFor, testSecret } from '../test-servers/turn-rest-credentials.ts';
import type { StunServer } from './index.ts';

const missing = whyNoRoutedNetwork();
const program = fileURLToPath(new URL('../test-servers/prove-once.mjs', import.meta.url));

/** Long enough for a path that works, on a busy machine. */
const longMs = 30_000;
/** The proof of a path that loses packets ends with this timeout. */
const briefMs = 1_500;

/** As a node is probed: by two probers of other regions and one of its own, in each round. */
const probersOfNode = 3;
const roundSeconds = 30;

const port = 3478;
const relayPorts = { min: 49_200, max: 49_299 };

async function prove(on: RoutedHost, how: 'beside' | 'outside', server: StunServer, timeoutMs = longMs) {
  const options = { timeoutMs, udpPort: port, ...(server.host.includes(':') && { relayFamily: 'IPv6' }) };
  return await on.run(
    process.execPath,
    program,
    JSON.stringify({ how, server, credentials: credentialsFor(), options }),
  );
}

/** Returns the bytes that a proof costs the host in the direction with more of them. */
async function bytesOf(host: RoutedHost, proof: () => Promise<string>): Promise<number> {
  const before = await cableBytes(host);
  expect(await proof()).toBe('relayed');
  const after = await cableBytes(host);
  return Math.max(after.received - before.received, after.sent - before.sent);
}

// A network of hosts needs root. Other machines skip this suite, and its title says why.
const describeNetwork = missing === undefined ? describe : describe.skip;

describeNetwork(`a coturn behind a router${missing === undefined ? '' : ` (${missing})`}`, () => {
  let network: RoutedNetwork;
  let near: RoutedHost;
  let far: RoutedHost;
  let coturn: CoturnServer;
  let directory: TemporaryDirectory;
  let tls: { port: number; certificateFile: string; privateKeyFile: string };
  let caCertificates: string;

  const start = (config: readonly string[] = []) => {
    const both = [`listening-ip=${near.ipv6}`, `relay-ip=${near.ipv6}`, 'listening-ip=127.0.0.1'];
    const options = { secrets: [testSecret], port, tls, relayPorts, network: near, address: near.address };
    return startCoturn({ ...options, config: [...both, ...config] });
  };
  const over = (transport: StunServer['transport'], host = near.address): StunServer => ({
    host,
    port,
    transport,
  });
  const tlsServer = (host = near.address): StunServer => ({
    host,
    port: tls.port,
    transport: 'tls',
    serverName: 'turn.test',
    caCertificates,
  });
  const beside = () => prove(near, 'beside', over('udp', '127.0.0.1'));
  const outside = (server: StunServer, timeoutMs?: number) => prove(far, 'outside', server, timeoutMs);

  beforeAll(async () => {
    directory = await temporaryDirectory('network');
    const chain = await makeCertificateChain(directory.path);
    const { full, privateKeyFile } = await chain.sign({ name: 'turn.test' });
    tls = { port: 5349, certificateFile: full, privateKeyFile };
    caCertificates = chain.root;
    network = await startRoutedNetwork(2);
    const [first, second] = network.hosts;
    if (first === undefined || second === undefined) throw new Error('a host is missing');
    [near, far] = [first, second];
    coturn = await start();
  });

  afterAll(async () => {
    await coturn?.stop();
    await network?.[Symbol.asyncDispose]();
    await directory?.[Symbol.asyncDispose]();
  });

  test('relays for the prober on the other side, over each transport and family', async () => {
    expect(await beside()).toBe('relayed');
    expect(await outside(over('udp'))).toBe('relayed');
    expect(await outside(over('tcp'))).toBe('relayed');
    expect(await outside(over('udp', near.ipv6))).toBe('relayed');
    expect(await outside(tlsServer())).toBe('relayed');
  });

  test('is probed over all paths by three probers with at most 20 kbit/s', async () => {
    const bytes = [
      await bytesOf(near, () => outside(over('udp'))),
      await bytesOf(near, () => outside(over('udp', near.ipv6))),
      await bytesOf(near, () => outside(over('tcp'))),
      await bytesOf(near, () => outside(tlsServer())),
      await bytesOf(near, () => outside(tlsServer(near.ipv6))),
    ];
    const bitsOfRound = 8 * probersOfNode * bytes.reduce((sum, count) => sum + count, 0);
    expect(bitsOfRound / roundSeconds).toBeLessThan(20_000);
  });

  test.each<[what: string, at: 'near' | 'router', firewall: string, faults: [udp: string, tcp: string, ipv6: string]]>([
    [
      'answers with a TTL of 1, as coturn 4.17.0 and 4.17.1 do',
      'near',
      'chain out { type filter hook postrouting priority 0; ip ttl set 1; ip6 hoplimit set 1; }',
      ['timeout', 'timeout', 'timeout'],
    ],
    [
      'has a firewall that blocks UDP from outside',
      'router',
      'chain forward { type filter hook forward priority 0; meta l4proto udp drop; }',
      ['timeout', 'not_relayed', 'timeout'],
    ],
    [
      'has closed relay ports',
      'router',
      `chain forward { type filter hook forward priority 0; udp dport ${relayPorts.min}-${relayPorts.max} drop; }`,
      ['not_relayed', 'not_relayed', 'not_relayed'],
    ],
    [
      'is broken over IPv6 only',
      'router',
      'chain forward { type filter hook forward priority 0; meta nfproto ipv6 drop; }',
      ['relayed', 'relayed', 'timeout'],
    ],
  ])('that %s works for its sidecar, fails from outside, and works again when it is mended', async (...row) => {
    const [, at, firewall, faults] = row;
    const host = at === 'near' ? near : network.router;
    const timeouts = faults.map((fault) => (fault === 'relayed' ? longMs : briefMs));
    await host.setFirewall(firewall);
    try {
      expect(await beside()).toBe('relayed');
      expect([
        await outside(over('udp'), timeouts[0]),
        await outside(over('tcp'), timeouts[1]),
        await outside(over('udp', near.ipv6), timeouts[2]),
      ]).toEqual(faults);
    } finally {
      await host.setFirewall();
    }
    expect(await outside(over('udp'))).toBe('relayed');
  });

  test('that names a wrong external-ip works for its sidecar, and fails from outside', async () => {
    await coturn.stop();
    await using wrong = await start([`external-ip=198.51.100.77/${near.address}`]);
    expect(wrong.port).toBe(port);
    expect(await prove(near, 'beside', over('udp'))).toBe('relayed');
    expect(await outside(over('udp'))).toBe('wrong_relay_address');
  });
});
