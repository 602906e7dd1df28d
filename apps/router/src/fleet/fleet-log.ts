import type { BalancerStatus, DoubtedNode, ExcludedNode } from '@turn-router/selection';
import type { Logger } from '../observe/logger.ts';
import type { FleetFindings, KeyMismatch, RefutedNode, UnknownRegion } from '../observe/fleet-findings.ts';
import { followFindings } from './named-findings.ts';

/**
 * A spill is logged as started when its share reaches this value. Smaller shares only show that a region comes near its spillover threshold. A
 * spill has ended when its share is 0.
 */
const spillStartShare = 0.01;

/**
 * Logs each change of the fleet once. A change is the start or the end of a spill. It is also a node whose reports become implausible, whose clock is
 * wrong, whose secrets differ from the router's secrets, or that probers do not reach. And it is a region that the policy lacks. The end of each is
 * logged too. The same event of one node is logged at most once a minute. No line about a node is an error, because a holder of the token of this
 * node can cause it.
 */
export function createFleetLog(
  logger: Logger,
  monotonicNowMs: () => number,
): (status: BalancerStatus, findings: FleetFindings) => void {
  let spills = new Map<string, { from: string; to: string; largestShare: number }>();

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

  const followDoubts = followFindings<DoubtedNode>(
    {
      textOf: ({ reason }) => reason,
      onBegin: ({ name: node, reason }) =>
        logger.warn(
          { event: 'node.implausible', node, reason },
          'implausible node report: assuming the region’s average load',
        ),
      onEnd: (node) => logger.info({ event: 'node.plausible', node }, 'node reports are plausible again'),
    },
    monotonicNowMs,
  );
  const followClocks = followFindings<ExcludedNode>(
    {
      textOf: ({ reason }) => reason,
      onBegin: ({ name: node, reason, report }) =>
        logger.warn(
          { event: 'node.clock_wrong', node, reason, offsetSeconds: (report.clock_offset_ms ?? 0) / 1_000 },
          'the clock of a node is wrong by a minute or more: the node gets no calls',
        ),
      onEnd: (node) => logger.info({ event: 'node.clock_right', node }, 'the clock of a node is right again'),
    },
    monotonicNowMs,
  );
  const followKeys = followFindings<KeyMismatch>(
    {
      textOf: ({ keyIds, hasCommonKey }) => `${hasCommonKey} ${keyIds.join(' ')}`,
      onBegin({ name: node, keyIds, hasCommonKey }) {
        if (hasCommonKey) {
          logger.warn(
            { event: 'node.secret_mismatch', node, keyIds },
            'a node has another secret than this router under the same key id: another key signs for the node',
          );
        } else {
          logger.warn(
            { event: 'node.secret_mismatch', node, keyIds },
            'a node has another secret than this router under the same key id: the node gets no calls',
          );
        }
      },
      onEnd: (node) =>
        logger.info({ event: 'node.secret_matches', node }, 'a node has the same secrets as this router again'),
    },
    monotonicNowMs,
  );

  const followRefuted = followFindings<RefutedNode>(
    {
      // The counts change all the time.
      textOf: () => '',
      onBegin: ({ name: node, reason }) =>
        logger.warn(
          { event: 'node.refuted', node, reason },
          'probers do not reach a node from outside: the node gets no calls',
        ),
      onEnd: (node) =>
        logger.info(
          { event: 'node.reached_again', node },
          'probers reach a node from outside again, or the node is gone',
        ),
    },
    monotonicNowMs,
  );

  const followRegions = followFindings<UnknownRegion>(
    {
      textOf: () => '',
      onBegin: ({ name: region, nodes }) =>
        logger.warn(
          { event: 'region.not_in_policy', region, nodes },
          'nodes report for a region that the policy lacks: these nodes get no calls',
        ),
      onEnd: (region) =>
        logger.info(
          { event: 'region.not_in_policy_ended', region },
          'the policy has the region now, or nodes no longer report for it',
        ),
    },
    monotonicNowMs,
  );

  return ({ spills: current, doubted, excluded }, { mismatches, unknownRegions, refuted }) => {
    followSpills(current);
    followDoubts(doubted);
    followClocks(excluded.filter(({ reason }) => reason === 'clock_ahead' || reason === 'clock_behind'));
    followKeys(mismatches);
    followRefuted(refuted);
    followRegions(unknownRegions);
  };
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
