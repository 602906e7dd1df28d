// Starts the programs of the benchmark: the measured programs, and the Redis and the reporters that they need.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
 * Starts a Redis with this number of nodes. Each node reports every 5 s.
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

/** Starts a fleet with all nodes in the region that the naive designs read. @param {number} nodes */
export function startEuropeanFleet(nodes) {
  return startFleet(nodes, ['eu-central-1']);
}

/**
 * Options for a measured program.
 *
 * @typedef {object} RunOptions
 * @property {string} [node] path of the Node binary; default: the binary of this process
 * @property {number | string} [cores] default: the measured core
 * @property {string} [eventLoopFile] file for the times in which the event loop of the program was blocked
 * @property {string} [profileFile] file for the profile of the program
 */

/**
 * Starts the built router, with the default GeoIP data unless a file is given.
 *
 * @param {Fleet} fleet
 * @param {RunOptions & {geoipFile?: string, workers?: number, folder?: string}} [options] `folder`: `apps/router` of another checkout
 */
export async function startRouter(fleet, { geoipFile, workers = 1, folder = sibling('..'), ...run } = {}) {
  const policyFile = temporaryFile('policy.yaml');
  await writeFile(policyFile, policy);
  const env = {
    HOST: '127.0.0.1',
    // Any free port: while the router reads the GeoIP file, another program could take a chosen one.
    PORT: '0',
    ADMIN_PORT: '0',
    AUTH: 'anonymous',
    POLICY_FILE: policyFile,
    TURN_SECRETS: `bench=${secret}`,
    TRUSTED_PROXIES: '127.0.0.1/32',
    WORKERS: `${workers}`,
    REDIS_URL: `redis://127.0.0.1:${fleet.redisPort}`,
    ...(geoipFile === undefined ? {} : { GEOIP_DB: geoipFile }),
  };
  const child = await startChild({
    ...measuredProgram(join(folder, 'dist/main.js'), env, run),
    isReady: (output) =>
      fetch(`${publicUrl(output)}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  return { ...child, url: publicUrl(await child.output()) };
}

/** Reads the port from the router's log. @param {string} output */
function publicUrl(output) {
  return `http://127.0.0.1:${/"publicPort":(\d+)/.exec(output)?.[1]}`;
}

/** @param {RunOptions} [run] */
export function startBareExpress(run = {}) {
  return startServer(measuredProgram(sibling('bare-express.mjs'), { TURN_SECRET: secret }, run));
}

/** @param {Fleet} fleet @param {RunOptions} run */
export function startNaiveDesign({ redisPort }, run) {
  return startServer(
    measuredProgram(sibling('naive-design.mjs'), { TURN_SECRET: secret, REDIS_PORT: `${redisPort}` }, run),
  );
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

/** @param {string} file @param {Readonly<Record<string, string>>} env @param {RunOptions} run */
function measuredProgram(file, env, { node = process.execPath, cores = measuredCore, eventLoopFile, profileFile }) {
  const watches = [
    ...watchBy('event-loop-watch.mjs', 'EVENT_LOOP_FILE', eventLoopFile),
    ...watchBy('profile-watch.mjs', 'PROFILE_FILE', profileFile),
  ];
  return {
    core: cores,
    command: /** @type {const} */ ([node, ...watches.flatMap(({ module }) => ['--import', module]), file]),
    env: Object.assign({ ...env }, ...watches.map(({ variables }) => variables)),
  };
}

/** @param {string} name @param {string} variable @param {string | undefined} file */
function watchBy(name, variable, file) {
  return file === undefined ? [] : [{ module: sibling(name), variables: { [variable]: file } }];
}

/** @param {string} name */
function sibling(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}
