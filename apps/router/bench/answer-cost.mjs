// All that is judged by processor time and memory: the router beside a bare Express app, on each version of Node, over small and large
// fleets, in one process and in two.
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, writeTinyGeoFile } from '@turn-router/testing';
import { allCores, endChildren, temporaryFile } from './children.mjs';
import { findNode, nodeMajors } from './node-versions.mjs';
import { measurePaired } from './paired.mjs';
import { startBareExpress, startFleet, startRouter } from './servers.mjs';

/**
 * @typedef {import('./node-versions.mjs').NodeVersion} NodeVersion
 * @typedef {import('./paired.mjs').Measured} Measured
 * @typedef {import('./paired.mjs').Plan & {sittings: number, atRestSeconds: number}} CostPlan `sittings`: how often the programs are
 *   started anew, since what V8 makes of a program differs from start to start
 * @typedef {{node: NodeVersion, bare: Measured, router: Measured}} OnVersion
 * @typedef {object} AnswerCost
 * @property {readonly {major: number, missing: string}[]} missing versions of Node that could not be had
 * @property {NodeVersion} first the version that all else is measured on
 * @property {readonly {nodes: number, versions: readonly OnVersion[]}[]} fleets
 * @property {{one: Measured, two: Measured}} workers
 * @property {number} atRestMib resident, with 1 000 nodes and a tiny GeoIP file
 */

/** What the figures that are judged are measured over. */
const fleetsOnAllVersions = [12, 10_000];
/** Between, to see the way from one to the other; on the first version alone. */
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
    const [bare, router] = /** @type {[Measured, Measured]} */ (measured.slice(2 * index, 2 * index + 2));
    return { bare, router };
  };
  return { nodes, versions: versions.map((node, index) => ({ node, ...ofVersion(index) })) };
}

/**
 * Both may use every core, and share them with the load: on two cores there is no third for it. What they take at rest is not evened out, since
 * two workers do take it twice.
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
  const [one, two] = /** @type {[Measured, Measured]} */ (measured);
  return { one, two };
}

/** @param {NodeVersion} node @param {CostPlan} plan */
async function measureAtRest(node, { atRestSeconds }) {
  const geoipFile = await writeTinyGeoFile(dirname(temporaryFile('')));
  const router = await startRouter(await startFleet(1_000), { node: node.path, geoipFile });
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
