import type { BalancerStatus } from '@turn-router/selection';
import type { Logger } from '../observe/logger.ts';

/**
 * A spill is logged as started when its share reaches this value. Smaller shares only show that a region comes near its spillover threshold. A
 * spill has ended when its share is 0.
 */
const spillStartShare = 0.01;

/** At most this many implausible nodes are logged by name. The metric counts all of them. */
const namedMax = 100;

/**
 * Logs each change of the fleet once. A change is the start or the end of a spill. It is also a node whose reports become implausible, or plausible
 * again.
 */
export function createFleetLog(logger: Logger): (status: BalancerStatus) => void {
  let spills = new Map<string, { from: string; to: string; largestShare: number }>();
  let doubted = new Map<string, string>();

  function followSpills(current: BalancerStatus['spills']): void {
    const next: typeof spills = new Map();
    for (const { from, to, share } of current) {
      const edge = `${from}>${to}`;
      const known = spills.get(edge);
      if (known === undefined && share < spillStartShare) continue;
      if (known === undefined)
        logger.info({ event: 'spill.started', from, to, share: rounded(share) }, 'spillover started');
      next.set(edge, { from, to, largestShare: Math.max(share, known?.largestShare ?? 0) });
    }
    for (const [edge, { from, to, largestShare }] of spills) {
      if (!next.has(edge))
        logger.info({ event: 'spill.ended', from, to, largestShare: rounded(largestShare) }, 'spillover ended');
    }
    spills = next;
  }

  function followDoubts(current: BalancerStatus['doubted']): void {
    // The list keeps the nodes that it has. If it chose other nodes each time, the log would repeat them again and again.
    const known = current.filter(({ name }) => doubted.has(name));
    const others = current.filter(({ name }) => !doubted.has(name));
    const named = [...known, ...others].slice(0, namedMax);
    const next = new Map(named.map(({ name, reason }) => [name, reason]));
    for (const [node, reason] of next) {
      if (doubted.get(node) !== reason)
        logger.warn(
          { event: 'node.implausible', node, reason },
          'implausible node report: assuming the region’s average load',
        );
    }
    for (const node of doubted.keys()) {
      if (!next.has(node)) logger.info({ event: 'node.plausible', node }, 'node reports are plausible again');
    }
    doubted = next;
  }

  return (status) => {
    followSpills(status.spills);
    followDoubts(status.doubted);
  };
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
