import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningProcess } from '../process/start-process.ts';
import { startCoturn, type CoturnServer } from '../servers/turn/start-coturn.ts';
import { eventually } from '../fixtures/eventually.ts';
import { freePort, reservePorts } from '../fixtures/free-port.ts';
import { temporaryDirectory } from '../fixtures/temporary-directory.ts';
import { startReporter } from './start-reporter.ts';
import { startRouter, type RouterProcess } from './start-router.ts';

export type FleetOptions = {
  /** The policy as YAML. */
  policy: string;
  /** The fleet has one node in each region. */
  regions: readonly string[];
  /** If unset, the router uses its embedded registry. */
  redisUrl?: string | undefined;
  /** Ports of the router. Default: free ports. */
  ports?: { public: number; admin: number } | undefined;
  /** Passed to `startRouter`. */
  geoData?: 'tiny' | 'default' | undefined;
  /** Added to the variables that the fleet needs. */
  routerEnvironment?: Readonly<Record<string, string>>;
  reporterEnvironment?: Readonly<Record<string, string>>;
  /** Called when a part is ready. */
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
  /** Secrets that must never appear in any output. */
  readonly secrets: { readonly turn: string; readonly reporterToken: string };
  readonly policyFile: string;
  /**
   * Restarts the reporter of a node, as an upgrade does: SIGTERM, then `downMs` after its end a start. Resolves when the new reporter has proven the node
   * healthy.
   */
  readonly restartReporter: (node: StartedNode, downMs: number) => Promise<StartedNode>;
}

/** Linux assigns ephemeral ports from 32768 up. No program except a node's coturn binds the relay ports, which are below that. */
const relayPortsFrom = 20_000;
const relayPortsPerNode = 1000;

/**
 * Starts the built apps on loopback as a user would: a router, and a coturn with a health-reporter for each region. The fleet is ready when
 * the router counts every node as healthy. If a part fails to start, the parts that are already running are stopped.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { redisUrl, onStarted, onOutput } = options;
  // The router binds its ports last, after it has read its GeoIP data.
  if (options.ports !== undefined) reservePorts(options.ports.public, options.ports.admin);
  const reporters: AsyncDisposable[] = [];
  const servers: AsyncDisposable[] = [];
  const directory = await temporaryDirectory('fleet');
  const stop = async () => {
    // Reporters stop first, so that they can still report that they stop.
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
    // If one fails, `stop` must know the others before it runs.
    await Promise.allSettled([routerStarting, ...coturnsStarting]);
    const router = await routerStarting;

    const destination: Record<string, string> =
      redisUrl === undefined
        ? { ROUTER_URL: router.url, REPORTER_TOKEN: secrets.reporterToken }
        : { REDIS_URL: redisUrl };
    const withReporter = async ({ region, coturn }: Pick<StartedNode, 'region' | 'coturn'>): Promise<StartedNode> => {
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
    };
    const nodesStarting = (await Promise.all(coturnsStarting)).map(withReporter);
    await Promise.allSettled(nodesStarting);
    const nodes = await Promise.all(nodesStarting);

    await eventually('the router to count every node as healthy', async () => {
      const metrics = await (await fetch(`${router.adminUrl}/metrics`)).text();
      return nodes.every(({ region }) => metrics.includes(`turn_router_nodes{region="${region}",status="healthy"}`));
    });
    const restartReporter: Fleet['restartReporter'] = async (node, downMs) => {
      node.reporter.signal('SIGTERM');
      await node.reporter.exited;
      await delay(downMs);
      return withReporter(node);
    };
    return { router, nodes, secrets, policyFile, restartReporter, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
