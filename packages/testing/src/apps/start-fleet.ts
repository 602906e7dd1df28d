import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '../process/start-process.ts';
import { startCoturn, type CoturnServer } from '../servers/turn/start-coturn.ts';
import { eventually } from '../surroundings/eventually.ts';
import { freePort, keepForLater } from '../surroundings/free-port.ts';
import { temporaryDirectory } from '../surroundings/temporary-directory.ts';
import { startReporter } from './start-reporter.ts';
import { startRouter, type RouterProcess } from './start-router.ts';

export type FleetOptions = {
  /** YAML. */
  policy: string;
  /** Each gets one node. */
  regions: readonly string[];
  /** Unset: the registry embedded in the router. */
  redisUrl?: string | undefined;
  /** Of the router; default any free ones. */
  ports?: { public: number; admin: number } | undefined;
  /** As of `startRouter`. */
  geoData?: 'tiny' | 'default' | undefined;
  /** On top of what the fleet needs. */
  routerEnvironment?: Readonly<Record<string, string>>;
  reporterEnvironment?: Readonly<Record<string, string>>;
  /** Called when a part is up. */
  onStarted?: (part: string, process: RunningProcess) => void;
  /** Called with each piece of output of each part. */
  onOutput?: (part: string, text: string) => void;
};

export type StartedNode = {
  readonly region: string;
  readonly id: string;
  readonly coturn: CoturnServer;
  readonly reporter: RunningProcess;
};

export interface Fleet extends AsyncDisposable {
  readonly router: RouterProcess;
  readonly nodes: readonly StartedNode[];
  /** What must never be written anywhere. */
  readonly secrets: { readonly turn: string; readonly reporterToken: string };
  readonly policyFile: string;
}

/** Linux hands out ephemeral ports from 32768 on; below, nothing but this node's coturn binds a relay port. */
const relayPortsFrom = 20_000;
const relayPortsPerNode = 1000;

/**
 * Starts the built apps as a user would, on loopback: a router, and for each region a coturn with its health-reporter. Ready when every
 * node is known to the router as healthy. When a part fails, those that are up are stopped again.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { redisUrl, onStarted, onOutput } = options;
  // The router takes them last, when it has read its GeoIP data.
  if (options.ports !== undefined) keepForLater(options.ports.public, options.ports.admin);
  const reporters: AsyncDisposable[] = [];
  const servers: AsyncDisposable[] = [];
  const directory = await temporaryDirectory('fleet');
  const stop = async () => {
    // Reporters first, so that they can still say goodbye.
    await Promise.all(reporters.map((part) => part[Symbol.asyncDispose]()));
    await Promise.all(servers.map((part) => part[Symbol.asyncDispose]()));
    await directory[Symbol.asyncDispose]();
  };
  async function started<Part extends RunningProcess>(
    name: string,
    group: AsyncDisposable[],
    starting: Promise<Part>,
  ): Promise<Part> {
    const part = await starting;
    group.push(part);
    onStarted?.(name, part);
    return part;
  }

  try {
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, options.policy);
    const secrets = {
      turn: randomBytes(24).toString('base64url'),
      reporterToken: randomBytes(24).toString('base64url'),
    };
    const turnSecrets = `first=${secrets.turn}`;

    const routerStarting = started(
      'router',
      servers,
      startRouter({
        policyFile,
        turnSecrets,
        reporterToken: secrets.reporterToken,
        redisUrl,
        ports: options.ports,
        geoData: options.geoData,
        environment: options.routerEnvironment,
        onOutput: (text) => onOutput?.('router', text),
      }),
    );
    const coturnsStarting = options.regions.map(async (region, index) => {
      const min = relayPortsFrom + index * relayPortsPerNode;
      const relayPorts = { min, max: min + relayPortsPerNode - 1 };
      const coturn = startCoturn({ secrets: [secrets.turn], port: await freePort(), relayPorts });
      return { region, coturn: await started(`coturn of ${region}`, servers, coturn) };
    });
    // Whatever fails, the others must be known to `stop` before it runs.
    await Promise.allSettled([routerStarting, ...coturnsStarting]);
    const router = await routerStarting;

    const destination: Record<string, string> =
      redisUrl === undefined
        ? { ROUTER_URL: router.url, REPORTER_TOKEN: secrets.reporterToken }
        : { REDIS_URL: redisUrl };
    const nodesStarting = (await Promise.all(coturnsStarting)).map(async ({ region, coturn }) => {
      const name = `health-reporter of ${region}`;
      const reporter = startReporter({
        region,
        id: 'node-01',
        turnServer: coturn,
        turnSecrets,
        destination,
        environment: options.reporterEnvironment,
        onOutput: (text) => onOutput?.(name, text),
      });
      return { region, id: 'node-01', coturn, reporter: await started(name, reporters, reporter) };
    });
    await Promise.allSettled(nodesStarting);
    const nodes = await Promise.all(nodesStarting);

    await eventually('the router to know every node as healthy', async () => {
      const metrics = await (await fetch(`${router.adminUrl}/metrics`)).text();
      return nodes.every(({ region }) => metrics.includes(`turn_router_nodes{region="${region}",status="healthy"}`));
    });
    return { router, nodes, secrets, policyFile, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
