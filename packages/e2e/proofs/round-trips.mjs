#!/usr/bin/env node
// checks the round trips between three regions of real coturns with delays of 20–200 ms, and what probes cost a node (12 min)
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fleetAnswerSchema } from '@turn-router/contract/admin';
import { guardRun } from '@turn-router/run-guard';
import * as testing from '@turn-router/testing';

const help = `Usage: npm run prove -- round-trips [options]

Starts three regions of four nodes. Each node is a host with a network of its own, a real coturn and a health-reporter. The hosts reach each other
only through a forwarder, which delays datagrams and TCP by the pair of regions. A real Redis and a router are beside them. Needs root.

First, the reporters probe each other every 5 s. After ten probes of each path, every round trip in /admin/v1/fleet and in
turn_router_round_trip_seconds must be right within 10 %. No node may report an allocation, because nobody calls.

Then, all reporters run without probes of others, and once more with them at the default interval. The difference is what probes cost a node: at
most 0.5 % of a core for reporter and coturn together, and at most 20 kbit/s in the direction with more bytes. It includes what the proofs cost over
Redis.

On a busy machine, programs wait for the CPU, and round trips are longer. Real-time priority avoids this:
chrt -r 5 node packages/e2e/proofs/round-trips.mjs --minutes 0

  --minutes N   measure the cost for N minutes each, or not at all with 0 (3)
`;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, help: { type: 'boolean', short: 'h', default: false } },
});

const regions = ['fra', 'iad', 'sin'];
const nodesInRegion = 4;
/** By the two regions in the order of their names. All differ, so a mixed-up pair shows. */
const roundTripsMs = { 'fra fra': 30, 'iad iad': 40, 'sin sin': 50, 'fra iad': 20, 'fra sin': 110, 'iad sin': 200 };
const turnPort = 3478;
const relayPorts = { min: 49_200, max: 49_231 };
const registryPort = 6379;
const secret = 'north-secret-of-2026';
const adminToken = 'operator-token-of-the-proof-of-round-trips';
const policy = `defaultRegion: fra
regions:
  fra: {location: [50, 8]}
  iad: {location: [38, -77]}
  sin: {location: [1, 103]}
load: {cpu: 0}
`;

const matrixProbeSeconds = 5;
/** Ten probes, and two rounds until the last result has reached the router. */
const matrixMs = 13 * matrixProbeSeconds * 1_000;
const warmUpMs = 60_000;
const bounds = { roundTrip: 0.1, corePercent: 0.5, kbitPerSecond: 20 };

/** @typedef {Awaited<ReturnType<typeof startStage>>} Stage */
/** @typedef {testing.HubHost & {region: string, id: string, coturn: testing.CoturnServer}} Node */

function startStage() {
  return testing.startParts(async (add) => {
    const directory = add(await testing.temporaryDirectory('round-trips'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const registry = { port: registryPort, path: join(directory.path, 'redis.sock') };
    const redis = add(await testing.startRedis({ args: ['--unixsocket', registry.path] }));
    const network = add(await testing.startHubNetwork(regions.length * nodesInRegion));
    const hosts = network.hosts.map((host, index) => ({ ...host, region: regions[index % regions.length] ?? '' }));
    const settings = { hosts, roundTripsMs, turnPort, relayPorts, registry };
    const forwarder = fileURLToPath(new URL('../src/outside/delaying-forwarder.mjs', import.meta.url));
    add(
      await network.startOnHub({
        name: 'the forwarder',
        // It stands for a network, which does not wait for the programs of the hosts.
        command: 'nice',
        args: ['-n', '-15', process.execPath, forwarder, JSON.stringify(settings)],
        isReady: (output) => output.includes('ready'),
      }),
    );
    /** @type {Node[]} */
    const nodes = [];
    for (const [index, host] of hosts.entries()) {
      const { address, publishedAddress } = host;
      const options = { secrets: [secret], port: turnPort, relayPorts, network: host, address };
      const coturn = add(
        await testing.startCoturn({ ...options, config: [`external-ip=${publishedAddress}/${address}`] }),
      );
      nodes.push({ ...host, id: `node-${Math.floor(index / regions.length)}`, coturn });
    }
    const router = add(
      await testing.startRouter({
        policyFile,
        turnSecrets: `first=${secret}`,
        reporterToken: 'reporter-token-of-2026',
        redisUrl: redis.url,
        environment: { ADMIN_TOKEN: adminToken },
      }),
    );
    return { nodes, router, redis };
  });
}

/**
 * Uses a part and then disposes of it. @template {AsyncDisposable} Part @template Result
 * @param {Promise<Part>} started @param {(part: Part) => Promise<Result>} use
 */
async function using(started, use) {
  const part = await started;
  try {
    return await use(part);
  } finally {
    await part[Symbol.asyncDispose]();
  }
}

/** @param {readonly Node[]} nodes @param {Readonly<Record<string, string>>} environment */
function startReporters(nodes, environment) {
  return testing.startParts(async (add) => {
    const reporters = await Promise.all(
      nodes.map(async ({ region, id, coturn, publishedAddress, hubAddress, pid }) =>
        add(
          await testing.startReporter({
            region,
            id,
            turnServer: coturn,
            turnSecrets: `first=${secret}`,
            destination: { REDIS_URL: `redis://${hubAddress}:${registryPort}` },
            network: { pid },
            environment: { PUBLIC_IP: publishedAddress, NETWORK_INTERFACE: 'eth0', ...environment },
          }),
        ),
      ),
    );
    return { reporters };
  });
}

/** @param {testing.RouterProcess} router */
async function readFleet({ adminUrl }) {
  const answer = await fetch(`${adminUrl}/admin/v1/fleet`, { headers: { authorization: `Bearer ${adminToken}` } });
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  const lines = metrics.matchAll(/^turn_router_round_trip_seconds\{from="(\w+)",to="(\w+)"\} (\S+)$/gm);
  const metricMs = new Map([...lines].map(([, from, to, seconds]) => [`${from} ${to}`, 1_000 * Number(seconds)]));
  return { ...fleetAnswerSchema.parse(await answer.json()), metricMs };
}

/** What the nodes report of their allocations. No caller uses them. @param {Stage} stage */
async function readAllocations({ nodes, redis }) {
  const records = await Promise.all(nodes.map(({ region, id }) => redis.cli('GET', `turn:node:${region}:${id}`)));
  return records.map((text) => {
    const { allocations, allocations_started: started } = JSON.parse(text);
    return { allocations, started };
  });
}

/** @param {Stage} stage @returns {Promise<boolean>} whether all figures are right */
async function proveMatrix(stage) {
  await pause(matrixMs / 2);
  process.stdout.write(`allocations, half-way: ${JSON.stringify(await readAllocations(stage))}\n`);
  await pause(matrixMs / 2);
  const allocations = await readAllocations(stage);
  process.stdout.write(`allocations, at the end: ${JSON.stringify(allocations)}\n`);
  const { roundTrips, metricMs, nodes: shown } = await readFleet(stage.router);
  const rows = regions.flatMap((from) =>
    regions.map((to) => {
      const expected = /** @type {Record<string, number>} */ (roundTripsMs)[[from, to].toSorted().join(' ')] ?? 0;
      const inFleet = roundTrips.find((pair) => pair.from === from && pair.to === to);
      const measured = [inFleet?.roundTripMs, metricMs.get(`${from} ${to}`)];
      const isRight = measured.every((ms) => ms !== undefined && Math.abs(ms / expected - 1) <= bounds.roundTrip);
      return { from, to, expected, fleet: measured[0], metric: measured[1], proofs: inFleet?.proofs, isRight };
    }),
  );
  for (const row of rows) process.stdout.write(`round trip, ms: ${JSON.stringify(row)}\n`);
  const verdicts = shown.map(({ verdict }) => verdict?.state);
  process.stdout.write(`verdicts: ${JSON.stringify(verdicts)}\n`);
  const isIdle = allocations.every((figures) => figures.allocations === 0 && figures.started === 0);
  return isIdle && rows.every(({ isRight }) => isRight) && verdicts.every((state) => state === 'proven');
}

/**
 * What each node has used so far: CPU seconds of reporter and coturn, and bytes in both directions.
 * @param {readonly Node[]} nodes @param {readonly testing.RunningProcess[]} reporters
 */
function readUsage(nodes, reporters) {
  return Promise.all(
    nodes.map(async (node, index) => {
      const [reporter, coturn, bytes] = await Promise.all([
        testing.readProcessFigures(reporters[index]?.pid ?? 0),
        testing.readProcessFigures(node.coturn.pid),
        testing.cableBytes(node),
      ]);
      return { reporter: reporter.processorSeconds, coturn: coturn.processorSeconds, ...bytes };
    }),
  );
}

/** @param {readonly Node[]} nodes @param {Readonly<Record<string, string>>} environment @param {number} lastsMs */
async function measureUsage(nodes, environment, lastsMs) {
  const { before, after, seconds } = await using(startReporters(nodes, environment), async ({ reporters }) => {
    await pause(warmUpMs);
    const startedMs = performance.now();
    const first = await readUsage(nodes, reporters);
    await pause(lastsMs);
    const last = await readUsage(nodes, reporters);
    return { before: first, after: last, seconds: (performance.now() - startedMs) / 1_000 };
  });
  return after.map((usage, index) => {
    const { reporter, coturn, received, sent } = before[index] ?? usage;
    return {
      reporterPercent: (100 * (usage.reporter - reporter)) / seconds,
      coturnPercent: (100 * (usage.coturn - coturn)) / seconds,
      inKbit: (8 * (usage.received - received)) / 1_000 / seconds,
      outKbit: (8 * (usage.sent - sent)) / 1_000 / seconds,
    };
  });
}

/** @param {Stage} stage @param {number} lastsMs */
async function proveCost({ nodes }, lastsMs) {
  const without = await measureUsage(nodes, { OUTSIDE_PROBES: 'false' }, lastsMs);
  const withProbes = await measureUsage(nodes, {}, lastsMs);
  const costs = withProbes.map((usage, index) => {
    const base = without[index];
    if (base === undefined) throw new Error('no figures of a node');
    const { region, id } = nodes[index] ?? {};
    return {
      node: `${region}/${id}`,
      reporterPercent: usage.reporterPercent - base.reporterPercent,
      coturnPercent: usage.coturnPercent - base.coturnPercent,
      inKbit: usage.inKbit - base.inKbit,
      outKbit: usage.outKbit - base.outKbit,
    };
  });
  for (const cost of costs) process.stdout.write(`cost of probes: ${JSON.stringify(rounded(cost))}\n`);
  const worst = {
    corePercent: Math.max(...costs.map(({ reporterPercent, coturnPercent }) => reporterPercent + coturnPercent)),
    kbitPerSecond: Math.max(...costs.map(({ inKbit, outKbit }) => Math.max(inKbit, outKbit))),
  };
  process.stdout.write(`dearest node: ${JSON.stringify(rounded(worst))}, bounds: ${JSON.stringify(bounds)}\n`);
  return worst.corePercent <= bounds.corePercent && worst.kbitPerSecond <= bounds.kbitPerSecond;
}

/** @param {Readonly<Record<string, string | number>>} figures */
const rounded = (figures) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === 'number' ? Number(value.toFixed(3)) : value,
    ]),
  );

const lastsMs = Number(values.minutes) * 60_000;

if (values.help) process.stdout.write(help);
else if (!(lastsMs >= 0 && lastsMs < 2 ** 31))
  throw new Error(`--minutes ${values.minutes}: expected a number from 0 to 35000`);
else {
  const missing = testing.whyNoRoutedNetwork();
  if (missing !== undefined) throw new Error(`this proof ${missing}`);
  guardRun();
  const isProven = await using(startStage(), async (stage) => {
    const everySeconds = { OUTSIDE_PROBE_INTERVAL_SECONDS: `${matrixProbeSeconds}` };
    const isMatrixRight = await using(startReporters(stage.nodes, everySeconds), () => proveMatrix(stage));
    return (lastsMs === 0 || (await proveCost(stage, lastsMs))) && isMatrixRight;
  });
  if (!isProven) process.exitCode = 1;
}
