// Drops all packets between some nodes and the others for some rounds, and prints what the router makes of it.
import { separate } from './faults.mjs';

/** @typedef {import('./watch-fleet.mjs').Seen} Seen */

/** Four rounds of 30 s. */
const partitionMs = 120_000;
/** After the partition, the last verdicts about it are due within this time, ms. */
const afterMs = 60_000;

/**
 * Returns whether nodes were suspected, and all of them stayed in service.
 *
 * @param {import('@turn-router/testing').RoutedFleet} fleet @param {ReturnType<typeof import('./watch-fleet.mjs').watchFleet>} watch
 * @param {string} what @param {readonly import('@turn-router/testing').RoutedNode[]} part the nodes on one side
 */
export async function provePartition(fleet, watch, what, part) {
  const startMs = performance.now();
  /** @type {Set<string>} */
  const refuted = new Set();
  /** @type {Set<string>} */
  const suspected = new Set();
  /** @type {Set<string>} */
  const rungs = new Set();
  /** @param {ReadonlyMap<string, Seen>} seen */
  const note = (seen) => {
    for (const [name, { verdict, text }] of seen) {
      const [rung = ''] = text.split(' ');
      rungs.add(rung);
      if (verdict === 'refuted') refuted.add(name);
      else if (rung.startsWith('kept') || rung === 'suspected') suspected.add(name);
    }
    return false;
  };
  const join = await separate(fleet, part);
  await watch.until(partitionMs, note);
  await join();
  await watch.until(afterMs, note);
  const missing = fleet.nodes.filter((node) => {
    const { asked, got } = watch.calls(node, startMs);
    return asked === 0 || got < asked;
  });
  process.stdout.write(
    `${what} for ${partitionMs / 1000} s: of ${fleet.nodes.length} nodes, ${suspected.size} suspected, ${refuted.size} refuted, ` +
      `${missing.length} missing in an answer (${[...rungs].toSorted().join(', ')})\n`,
  );
  return suspected.size > 0 && refuted.size === 0 && missing.length === 0;
}
