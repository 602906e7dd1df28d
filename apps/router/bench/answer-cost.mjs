// Measures processor time and memory of the router, beside a bare Express app. The runs differ in the version of Node, the size of the fleet and the
// number of processes (one or two).
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, tinyGeoFile } from '@turn-router/testing';
import { allCores, endChildren } from './children.mjs';
import { findNode, nodeMajors } from './node-versions.mjs';
import { measurePaired } from './paired.mjs';
import { startBareExpress, startFleet, startRouter } from './servers.mjs';

/**
 * @typedef {import('./node-versions.mjs').NodeVersion} NodeVersion
 * @typedef {import('./paired.mjs').Measured} Measured
 * @typedef {import('./paired.mjs').Plan & {sittings: number, atRestSeconds: number}} CostPlan `sittings`: number of runs with newly
 *   started programs, since V8 optimizes a program differently in each run
 * @typedef {{node: NodeVersion, bare: Measured, router: Measured}} OnVersion
 * @typedef {object} AnswerCost
 * @property {readonly {major: number, missing: string}[]} missing versions of Node that could not be found
 * @property {NodeVersion} first the version for all other measurements
 * @property {readonly {nodes: number, versions: readonly OnVersion[]}[]} fleets
 * @property {{one: Measured, two: Measured}} workers
 * @property {number} atRestMib resident memory at rest, with 1 000 nodes and a tiny GeoIP file
 */

/** Fleet sizes of the figures that have limits. */
const fleetsOnAllVersions = [12, 10_000];
/** A size in between, to show the growth; on the first version only. */
const fleetsOnFirstVersion = [1_000];

/** @param {CostPlan} plan @returns {Promise<AnswerCost>} */
export async function measureAnswerCost(plan) {
  const found = nodeMajors.map(findNode);
  const missing = found.flatMap((node) => ('missing' in node ? [node] : []));
  const versions = found.flatMap((node) => ('missing' in node ? [] : [node]));
  const [first] = versions;
  if (first === undefined) throw new Error(missing.map((each) => each.missing).join('\n'));
  const fleets = [];
  for (const nodes of fleetsOnAllVersions) fleets.push(await measureFleet(nodes, versions, plan));
  for (const nodes of fleetsOnFirstVersion) fleets.push(await measureFleet(nodes, [first], plan));
  return {
    missing,
    first,
    fleets: fleets.toSorted((a, b) => a.nodes - b.nodes),
    workers: await measureWorkers(first, plan),
    atRestMib: await measureAtRest(first, plan),
  };
}

/** @param {number} nodes @param {readonly NodeVersion[]} versions @param {CostPlan} plan */
async function measureFleet(nodes, versions, plan) {
  const measured = await inSittings(plan, async () => {
    const fleet = await startFleet(nodes);
    const starts = versions.flatMap(({ major, path: node }) => [
      named(`bare Express on ${major}`, startBareExpress({ node })),
      named(`router on ${major}, ${nodes} nodes`, startRouter(fleet, { node })),
    ]);
    return Promise.all(starts);
  });
  const ofVersion = (/** @type {number} */ index) => {
    const [bare, router] = measured.slice(2 * index, 2 * index + 2);
    if (bare === undefined || router === undefined) throw new Error('expected a bare app and a router of each version');
    return { bare, router };
  };
  return { nodes, versions: versions.map((node, index) => ({ node, ...ofVersion(index) })) };
}

/**
 * Both routers may use every core and share the cores with the load, because a machine with two cores has no third core for the load. The
 * processor time at rest is not adjusted to a dedicated core, because two workers need it twice.
 *
 * @param {NodeVersion} node
 * @param {CostPlan} plan
 */
async function measureWorkers(node, plan) {
  const measured = await inSittings({ ...plan, restSeconds: 0 }, async () => {
    const fleet = await startFleet(12);
    const start = (/** @type {number} */ workers) =>
      named(`WORKERS=${workers}`, startRouter(fleet, { node: node.path, workers, cores: allCores }));
    return Promise.all([start(1), start(2)]);
  });
  const [one, two] = measured;
  if (one === undefined || two === undefined) throw new Error('expected a router of one worker and one of two');
  return { one, two };
}

/** @param {NodeVersion} node @param {CostPlan} plan */
async function measureAtRest(node, { atRestSeconds }) {
  const router = await startRouter(await startFleet(1_000), { node: node.path, geoipFile: tinyGeoFile });
  await delay(atRestSeconds * 1000);
  const { residentMib } = await readProcessFigures(router.pid);
  await endChildren();
  return residentMib;
}

/** @param {CostPlan} plan @param {() => Promise<readonly import('./load.mjs').Target[]>} start */
async function inSittings(plan, start) {
  /** @type {Measured[][]} */
  const sittings = [];
  for (let sitting = 0; sitting < plan.sittings; sitting += 1) {
    sittings.push(await measurePaired(await start(), plan));
    await endChildren();
  }
  const [first = []] = sittings;
  /** @type {Measured[]} */
  const all = first.map((measured, index) => ({
    ...measured,
    rounds: sittings.flatMap((sitting) => sitting[index]?.rounds ?? []),
  }));
  return all;
}

/** @param {string} name @param {ReturnType<typeof startBareExpress>} starting */
async function named(name, starting) {
  return { name, ...(await starting) };
}
