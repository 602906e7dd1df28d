// Breaks one node of each region at a time, mends it, and prints what happened to it.
import { setTimeout as pause } from 'node:timers/promises';
import { faults } from './faults.mjs';
import { nameOf } from './watch-fleet.mjs';

/** @typedef {import('@turn-router/testing').RoutedFleet} RoutedFleet */
/** @typedef {import('@turn-router/testing').RoutedNode} RoutedNode */
/** @typedef {ReturnType<typeof import('./watch-fleet.mjs').watchFleet>} Watch */
/** @typedef {{fault: string, node: RoutedNode, name: string}} Victim */
/** @typedef {{text: string, seconds: number, atMs: number}} Refutation */

/** Three rounds of 30 s. */
export const boundMs = 90_000;

/** @param {number} fromMs */
export function secondsSince(fromMs) {
  return Math.round((performance.now() - fromMs) / 1000);
}

const widths = [28, 16, 9, 12, 9, 15];

/** @param {readonly (string | number)[]} cells */
function printRow(cells) {
  process.stdout.write(`${cells.map((cell, index) => `${cell}`.padEnd(widths[index] ?? 0)).join('')}\n`);
}

export function printHead() {
  printRow(['fault', 'node', 'out, s', 'calls then', 'back, s', 'its report', 'reason']);
}

/**
 * Returns whether each node got calls, reported itself as healthy all the time, was refuted for the right reason, got no calls after that, and was
 * back after it was mended.
 *
 * @param {RoutedFleet} fleet @param {Watch} watch @param {readonly string[]} chosen a fault for each region
 * @param {{nth: number, holdMs: number, isMended: boolean}} options `nth`: the node of each region; `holdMs`: for how long calls are watched
 */
export async function proveFaults(fleet, watch, chosen, { nth, holdMs, isMended }) {
  const regions = [...new Set(fleet.nodes.map(({ region }) => region))];
  const victims = chosen.flatMap((fault, index) => {
    const node = fleet.nodes.filter(({ region }) => region === regions[index])[nth];
    return node === undefined ? [] : [{ fault, node, name: nameOf(node) }];
  });
  const startMs = performance.now();
  const mends = await Promise.all(victims.map(({ fault, node }) => faults[fault]?.breakNode(fleet, node)));
  const { out, unhealthy } = await untilOut(watch, victims);
  await pause(holdMs);
  const wrong = [...(await watch.look())].filter(([name, { verdict }]) => verdict === 'refuted' && !out.has(name));
  const rows = victims.map((victim) => ({
    ...victim,
    before: watch.calls(victim.node, 0, startMs).got,
    refuted: out.get(victim.name),
    calls: watch.calls(victim.node, out.get(victim.name)?.atMs ?? Infinity),
    report: unhealthy.has(victim.name) ? 'not healthy' : 'healthy',
  }));
  const back = isMended ? await untilBack(watch, victims, mends) : undefined;
  for (const { fault, name, refuted, calls, report } of rows) {
    const text = refuted?.text ?? 'not refuted';
    const seconds = refuted?.seconds ?? 'never';
    printRow([fault, name, seconds, `${calls.got} of ${calls.asked}`, back?.get(name) ?? '-', report, text]);
  }
  for (const [name, { text }] of wrong) printRow(['no fault', name, '', '', '', '', text]);
  const isRight = rows.every(
    ({ fault, name, before, refuted, calls, report }) =>
      before > 0 &&
      report === 'healthy' &&
      refuted !== undefined &&
      faults[fault]?.text.test(refuted.text) &&
      calls.asked > 0 &&
      calls.got === 0 &&
      (back === undefined || back.has(name)),
  );
  return isRight && wrong.length === 0 && victims.length === chosen.length;
}

/** Waits until all of them are refuted. @param {Watch} watch @param {readonly Victim[]} victims */
async function untilOut(watch, victims) {
  const brokenMs = performance.now();
  /** @type {Map<string, Refutation>} */
  const out = new Map();
  /** @type {Set<string>} */
  const unhealthy = new Set();
  await watch.until(boundMs, (seen) => {
    for (const { name } of victims) {
      const { state, verdict, text = '' } = seen.get(name) ?? {};
      if (state !== 'healthy') unhealthy.add(name);
      if (verdict !== 'refuted' || out.has(name)) continue;
      out.set(name, { text, seconds: secondsSince(brokenMs), atMs: performance.now() });
    }
    return out.size === victims.length;
  });
  return { out, unhealthy };
}

/**
 * Mends the nodes, and returns after how many seconds each of them got a call.
 *
 * @param {Watch} watch @param {readonly Victim[]} victims @param {readonly ((() => Promise<unknown>) | undefined)[]} mends
 */
async function untilBack(watch, victims, mends) {
  await Promise.all(mends.map(async (mend) => mend?.()));
  const mendedMs = performance.now();
  /** @type {Map<string, number>} */
  const back = new Map();
  await watch.until(boundMs, () => {
    for (const { node, name } of victims) {
      if (!back.has(name) && watch.calls(node, mendedMs).got > 0) back.set(name, secondsSince(mendedMs));
    }
    return back.size === victims.length;
  });
  return back;
}
