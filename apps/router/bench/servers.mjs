// The programs of the benchmark: those that are measured, and what stands behind them.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@turn-router/testing';
import { measuredCore, otherCore, startChild, startServer, temporaryFile } from './children.mjs';

const secret = 'bench-secret-of-2026';
const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-southeast-1'];
const policy = `
defaultRegion: us-east-1
regions:
  us-east-1:      {location: [38.95, -77.45],  spillover: [us-west-2, eu-central-1]}
  us-west-2:      {location: [45.84, -119.70], spillover: [us-east-1]}
  eu-central-1:   {location: [50.11, 8.68],    spillover: [us-east-1]}
  ap-southeast-1: {location: [1.35, 103.82],   spillover: [us-west-2]}
`;

/** @typedef {{redisPort: number, nodes: number}} Fleet */

/**
 * A Redis of its own with as many nodes in it, each of which reports every 5 s.
 *
 * @param {number} nodes
 * @param {readonly string[]} [ofRegions]
 * @returns {Promise<Fleet>}
 */
export async function startFleet(nodes, ofRegions = regions) {
  const redisPort = await freePort();
  await startChild({
    core: otherCore,
    command: ['redis-server', ...`--port ${redisPort} --bind 127.0.0.1 --appendonly no`.split(' '), '--save', ''],
    cwd: temporaryFile(''),
    isReady: (output) => output.includes('Ready to accept connections'),
  });
  await startChild({
    core: otherCore,
    command: [process.execPath, sibling('fleet.mjs')],
    env: { REDIS_PORT: `${redisPort}`, NODES: `${nodes}`, REGIONS: ofRegions.join(',') },
    isReady: (output) => output.includes('every node has reported'),
  });
  return { redisPort, nodes };
}

/** The same number of nodes, all of them in the region that the naive designs read. @param {number} nodes */
export function startEuropeanFleet(nodes) {
  return startFleet(nodes, ['eu-central-1']);
}

/**
 * The built router, with the default GeoIP data unless another file is given.
 *
 * @param {Fleet} fleet
 * @param {{geoipFile?: string, eventLoopFile?: string}} [options]
 */
export async function startRouter(fleet, { geoipFile, eventLoopFile } = {}) {
  const policyFile = temporaryFile('policy.yaml');
  await writeFile(policyFile, policy);
  const env = {
    HOST: '127.0.0.1',
    ADMIN_PORT: `${await freePort()}`,
    AUTH: 'anonymous',
    POLICY_FILE: policyFile,
    TURN_SECRETS: `bench=${secret}`,
    TRUSTED_PROXIES: '127.0.0.1/32',
    REDIS_URL: `redis://127.0.0.1:${fleet.redisPort}`,
    ...(geoipFile === undefined ? {} : { GEOIP_DB: geoipFile }),
    ...(eventLoopFile === undefined ? {} : { EVENT_LOOP_FILE: eventLoopFile }),
  };
  const command = /** @type {const} */ ([process.execPath, ...watched(eventLoopFile), sibling('../dist/main.js')]);
  return startServer({ core: measuredCore, command, env }, ({ ok }) => ok);
}

/** @param {{eventLoopFile?: string}} [options] */
export function startBareExpress({ eventLoopFile } = {}) {
  return startServer({
    core: measuredCore,
    command: [process.execPath, ...watched(eventLoopFile), sibling('bare-express.mjs')],
    env: { TURN_SECRET: secret, ...(eventLoopFile === undefined ? {} : { EVENT_LOOP_FILE: eventLoopFile }) },
  });
}

/** @param {Fleet} fleet */
export function startNaiveDesign({ redisPort }) {
  return startServer({
    core: measuredCore,
    command: [process.execPath, sibling('naive-design.mjs')],
    env: { TURN_SECRET: secret, REDIS_PORT: `${redisPort}` },
  });
}

/** @param {Fleet} fleet @param {{python: string, folder: string, geoipFile: string}} baseline */
export async function startPythonBaseline({ redisPort }, { python, folder, geoipFile }) {
  const port = await freePort();
  const child = await startChild({
    core: measuredCore,
    command: [python, ...`-m uvicorn app:app --port ${port} --no-access-log --log-level warning`.split(' ')],
    env: { REDIS_PORT: `${redisPort}`, MMDB: geoipFile, PYTHONDONTWRITEBYTECODE: '1' },
    cwd: folder,
    isReady: () => fetch(`http://127.0.0.1:${port}`).then(Boolean, () => false),
  });
  return { ...child, url: `http://127.0.0.1:${port}` };
}

/** @param {string | undefined} eventLoopFile */
function watched(eventLoopFile) {
  return eventLoopFile === undefined ? [] : ['--import', sibling('event-loop-watch.mjs')];
}

/** @param {string} name */
function sibling(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
