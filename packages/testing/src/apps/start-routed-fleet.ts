import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificateChain, type CertificateChain } from '../fixtures/certificate-chain.ts';
import { temporaryDirectory } from '../fixtures/temporary-directory.ts';
import { startRoutedNetwork, type RoutedHost } from '../network/routed-network.ts';
import { startParts } from '../process/start-parts.ts';
import { startRedis } from '../servers/redis/start-redis.ts';
import { startCoturn, type CoturnOptions, type CoturnServer } from '../servers/turn/start-coturn.ts';
import { startReporter } from './start-reporter.ts';
import { startRouter, type RouterProcess } from './start-router.ts';

export type RoutedFleetOptions = {
  readonly regions: readonly string[];
  readonly nodesPerRegion: number;
  /** The policy as YAML. */
  readonly policy: string;
  readonly probeIntervalSeconds: number;
};

/** A node on a host of its own. Its coturn serves the addresses of the host and loopback; the sidecar probes it over loopback. */
export type RoutedNode = {
  readonly region: string;
  readonly id: string;
  readonly hostname: string;
  readonly host: RoutedHost;
  /** Ends the coturn and starts one with these additional lines of its configuration. */
  restartCoturn(config: readonly string[]): Promise<void>;
  /** Starts one more TURN server on the host, with these options. It has the same secrets, and ends with the fleet. */
  startSecondCoturn(options: Pick<CoturnOptions, 'port' | 'tls' | 'relayPorts'>): Promise<CoturnServer>;
};

export interface RoutedFleet extends AsyncDisposable {
  readonly router: RouterProcess;
  readonly adminToken: string;
  readonly nodes: readonly RoutedNode[];
  /** The host that forwards all packets between nodes. */
  readonly hop: RoutedHost;
  /** The reporters trust its root. */
  readonly authority: CertificateChain;
}

/** Ports of each coturn. The relay ports are below the ephemeral ports of Linux, so firewall rules for them concern nothing else. */
export const routedPorts = { turn: 3478, tls: 5349, relay: { min: 20_000, max: 20_099 } };

/**
 * Starts the built apps as in the field: each node has a host and addresses of both families, and all packets between nodes pass a router. A Redis and
 * the turn-router are in the network of this process, which must be separate from that of the machine.
 */
export async function startRoutedFleet(options: RoutedFleetOptions): Promise<RoutedFleet> {
  const { regions, nodesPerRegion, policy, probeIntervalSeconds } = options;
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('routed-fleet'));
    const [policyFile, hostsFile] = [join(directory.path, 'policy.yaml'), join(directory.path, 'hosts')];
    const secrets = { turn: randomHex(), reporterToken: randomHex(), adminToken: randomHex() };
    const authority = await makeCertificateChain(directory.path);
    const { hosts, router: hop } = add(
      await startRoutedNetwork(1 + regions.length * nodesPerRegion, { withOwn: true }),
    );
    const [own, ...ofNodes] = hosts;
    const places = ofNodes.map((host, index) => {
      const id = `node-${1 + (index % nodesPerRegion)}`;
      const region = regions[Math.floor(index / nodesPerRegion)] ?? '';
      return { region, id, hostname: `${id}.${region}.turn.test`, host };
    });
    await writeFile(policyFile, policy);
    await writeFile(hostsFile, hostsText(places));

    const redis = add(await startRedis({ args: ['--bind', '127.0.0.1', `${own?.address}`, '--protected-mode', 'no'] }));
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: `first=${secrets.turn}`,
        reporterToken: secrets.reporterToken,
        redisUrl: redis.url,
        environment: { ADMIN_TOKEN: secrets.adminToken },
      }),
    );

    async function startNode({ region, id, hostname, host }: (typeof places)[number]): Promise<RoutedNode> {
      const { full, privateKeyFile } = await authority.sign({ name: hostname });
      const common = { secrets: [secrets.turn], network: host, address: host.address };
      const main = {
        ...common,
        port: routedPorts.turn,
        tls: { port: routedPorts.tls, certificateFile: full, privateKeyFile },
        relayPorts: routedPorts.relay,
      };
      const addresses = [host.ipv6, '127.0.0.1', '::1'].map((address) => `listening-ip=${address}`);
      const start = (config: readonly string[]) =>
        startCoturn({ ...main, config: [...addresses, `relay-ip=${host.ipv6}`, ...config] });
      let coturn = await start([]);
      add({ [Symbol.asyncDispose]: () => coturn.stop() });
      add(
        await startReporter({
          region,
          id,
          turnServer: coturn,
          turnSecrets: `first=${secrets.turn}`,
          destination: { REDIS_URL: `redis://${own?.address}:${redis.port}` },
          network: host,
          hostsFile,
          environment: {
            PUBLIC_IPV6: host.ipv6,
            TURN_HOSTNAME: hostname,
            TURN_TLS_PORT: `${routedPorts.tls}`,
            TURN_ADDRESS: '127.0.0.1',
            NETWORK_INTERFACE: 'eth0',
            NODE_EXTRA_CA_CERTS: authority.rootFile,
            OUTSIDE_PROBE_INTERVAL_SECONDS: `${probeIntervalSeconds}`,
          },
        }),
      );
      return {
        region,
        id,
        hostname,
        host,
        async restartCoturn(config) {
          await coturn.stop();
          coturn = await start(config);
        },
        startSecondCoturn: async (second) =>
          add(
            await startCoturn({
              ...common,
              ...second,
              config: [`listening-ip=${host.ipv6}`, `relay-ip=${host.ipv6}`],
            }),
          ),
      };
    }

    const starting = places.map(startNode);
    // If one fails, the others are stopped, too.
    await Promise.allSettled(starting);
    return { router, adminToken: secrets.adminToken, nodes: await Promise.all(starting), hop, authority };
  });
}

function randomHex(): string {
  return randomBytes(24).toString('hex');
}

function hostsText(places: readonly { hostname: string; host: RoutedHost }[]): string {
  const lines = places.flatMap(({ hostname, host }) => [`${host.address} ${hostname}`, `${host.ipv6} ${hostname}`]);
  return ['127.0.0.1 localhost', ...lines, ''].join('\n');
}
