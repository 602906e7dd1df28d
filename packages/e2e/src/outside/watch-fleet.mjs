// Watches a fleet from the moment it starts: what the router says about each node, and which nodes callers get.
import { setTimeout as pause } from 'node:timers/promises';
import { fleetAnswerSchema } from '@turn-router/contract/admin';

/** @typedef {import('@turn-router/testing').RoutedFleet} RoutedFleet */
/** @typedef {import('@turn-router/testing').RoutedNode} RoutedNode */
/** @typedef {{state: string, verdict: string, text: string}} Seen */

const everyMs = 500;

/** @param {RoutedNode} node */
export function nameOf({ region, id }) {
  return `${region}/${id}`;
}

/**
 * Asks for relays of each region twice a second, for as many nodes as the region has.
 *
 * @param {RoutedFleet} fleet
 */
export function watchFleet({ router, adminToken, nodes }) {
  const regions = [...new Set(nodes.map(({ region }) => region))];
  const maxNodes = nodes.length / regions.length;
  /** When each answer was asked for, and the nodes in it. @type {{region: string, askedMs: number, names: ReadonlySet<string>}[]} */
  const answers = [];
  const stopped = new AbortController();

  /** @param {string} text */
  const namesIn = (text) =>
    nodes.filter(({ host: { address, ipv6 }, hostname }) =>
      [`:${address}:`, `[${ipv6}]`, `:${hostname}:`].some((part) => text.includes(part)),
    );

  /** @param {string} region */
  async function ask(region) {
    const askedMs = performance.now();
    const answer = await fetch(`${router.url}/v1/ice-servers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requireRegion: region, maxNodes }),
    });
    answers.push({ region, askedMs, names: new Set(namesIn(await answer.text()).map(nameOf)) });
  }

  async function run() {
    while (!stopped.signal.aborted) {
      await Promise.all(regions.map(ask));
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const running = run();

  /** Returns what the router says about each node. @returns {Promise<ReadonlyMap<string, Seen>>} */
  async function look() {
    const answer = await fetch(`${router.adminUrl}/admin/v1/fleet`, {
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const { nodes: shown } = fleetAnswerSchema.parse(await answer.json());
    return new Map(
      shown.map(({ name, state, reason, verdict }) => [
        name,
        { state, verdict: verdict?.state ?? 'unproven', text: reason ?? verdict?.text ?? '' },
      ]),
    );
  }

  return {
    look,
    /** Looks until `isDone`; returns false after the limit. @param {number} limitMs @param {(seen: ReadonlyMap<string, Seen>) => boolean} isDone */
    async until(limitMs, isDone) {
      const endMs = performance.now() + limitMs;
      while (performance.now() < endMs) {
        if (isDone(await look())) return true;
        await pause(everyMs);
      }
      return false;
    },
    /** The answers for the region of the node, and how many of them have the node. @param {RoutedNode} node @param {number} fromMs @param {number} [toMs] */
    calls(node, fromMs, toMs = performance.now()) {
      const inTime = answers.filter(
        ({ region, askedMs }) => region === node.region && askedMs >= fromMs && askedMs < toMs,
      );
      return { asked: inTime.length, got: inTime.filter(({ names }) => names.has(nameOf(node))).length };
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await running;
    },
  };
}
