import type { FleetFeedEvents } from '@turn-router/registry';
import { createLogBudget } from '../observe/log-budget.ts';
import type { Logger } from '../observe/logger.ts';

type LoggedEvents = Omit<FleetFeedEvents, 'onReading' | 'onFault' | 'onChange'>;

/** At most this many nodes are named in one log line. */
const namedMax = 20;

/** At most this many contested nodes are logged in a minute. A client that can write to the registry can contest every node. */
const contestedPerMinute = 20;

/** `count` also counts the nodes that are not named. */
type NamedNodes = { readonly registry: string; readonly count: number; readonly nodes: readonly string[] };

/**
 * Logs each change of the registries once. It logs nothing per request or per read. Later steps of the same incident are logged at the level debug.
 */
export function createRegistryLog(logger: Logger, monotonicNowMs: () => number): LoggedEvents {
  const withBudget = createLogBudget(monotonicNowMs, contestedPerMinute);
  return {
    onRestored(registry, snapshot) {
      if (snapshot.ok) {
        const { records, savedAt } = snapshot;
        logger.info(
          { event: 'snapshot.restored', registry, nodes: records.length, savedAt },
          'serving the snapshot from STATE_DIR until the registry answers',
        );
      } else {
        const { code, detail } = snapshot.fault;
        logger.warn(
          { event: 'snapshot.unusable', registry, fault: code, detail },
          'snapshot in STATE_DIR is unusable: waiting for the registry',
        );
      }
    },
    onLost: (registry, { message, fault }) =>
      logger.warn(
        { event: 'registry.unreachable', registry, fault, reason: message },
        'registry unreachable: serving the last known snapshot',
      ),
    onFound: (registry) => logger.info({ event: 'registry.reachable', registry }, 'registry reachable again'),
    onContested: (registry, node) =>
      withBudget(() =>
        logger.warn(
          { event: 'registry.node_contested', registry, node },
          'two reporters use the same node id: give each reporter its own NODE_ID',
        ),
      ),
    onSuspicion(registry, nodes, isFollowing) {
      const fields = { registry, ...named(nodes) };
      if (isFollowing) {
        logger.debug(
          { event: 'registry.nodes_vanished', ...fields },
          'several nodes vanished from the registry together: checking by STUN whether they still answer',
        );
      } else {
        logger.warn(
          { event: 'registry.nodes_vanished', ...fields },
          'several nodes vanished from the registry together: checking by STUN whether they still answer',
        );
      }
    },
    onVerdict(registry, { kept, gone, because, isFollowing }) {
      if (kept.length > 0) logKept({ registry, ...named(kept) }, because === 'fault', isFollowing);
      if (gone.length > 0) logGone({ registry, ...named(gone) }, isFollowing);
    },
    onLeft(registry, nodes, because) {
      const fields = { registry, ...named(nodes) };
      if (because === 'silence') {
        logger.info(
          { event: 'registry.leaving_nodes_silent', ...fields },
          'nodes whose health-reporters stopped do not answer STUN: dropping them',
        );
      } else {
        logger.warn(
          { event: 'registry.leaving_nodes_overdue', ...fields },
          'the health-reporters of nodes did not start again in time: dropping these nodes',
        );
      }
    },
  };

  function logKept(fields: NamedNodes, hasRegistryFailed: boolean, isFollowing: boolean): void {
    if (hasRegistryFailed && isFollowing) {
      logger.debug(
        { event: 'registry.silent_nodes_kept', ...fields },
        'nodes are missing from the registry and do not answer STUN: still using them, because the registry has failed',
      );
    } else if (hasRegistryFailed) {
      logger.warn(
        { event: 'registry.silent_nodes_kept', ...fields },
        'nodes are missing from the registry and do not answer STUN: still using them, because the registry has failed',
      );
    } else if (isFollowing) {
      logger.debug(
        { event: 'registry.nodes_kept', ...fields },
        'vanished nodes still answer STUN: keeping them at half weight',
      );
    } else {
      logger.warn(
        { event: 'registry.nodes_kept', ...fields },
        'vanished nodes still answer STUN: keeping them at half weight',
      );
    }
  }

  function logGone(fields: NamedNodes, isFollowing: boolean): void {
    if (isFollowing) {
      logger.debug({ event: 'registry.nodes_dropped', ...fields }, 'vanished nodes do not answer STUN: dropping them');
    } else {
      logger.warn({ event: 'registry.nodes_dropped', ...fields }, 'vanished nodes do not answer STUN: dropping them');
    }
  }
}

function named(nodes: readonly string[]): Omit<NamedNodes, 'registry'> {
  return { count: nodes.length, nodes: nodes.slice(0, namedMax) };
}
