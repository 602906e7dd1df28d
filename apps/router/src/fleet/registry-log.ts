import type { FleetFeedEvents } from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';

type LoggedEvents = Omit<FleetFeedEvents, 'onSnapshot' | 'onFault' | 'onChange'>;

/** At most this many nodes are named in one line. */
const namedMax = 20;

/** Says what happens to the registries, once each; never per request, never per reading. What follows at once is said to those who debug. */
export function createRegistryLog(logger: Logger): LoggedEvents {
  return {
    onRestored(registry, snapshot) {
      if (snapshot.ok) {
        const { records, savedAt } = snapshot;
        logger.info(
          { registry, nodes: records.length, savedAt },
          'the last snapshot serves until the registry answers',
        );
      } else {
        const { code, detail } = snapshot.fault;
        logger.warn({ registry, fault: code, detail }, 'the snapshot in STATE_DIR cannot be used');
      }
    },
    onLost: (registry, { message, fault }) =>
      logger.warn({ registry, fault, reason: message }, 'the registry does not answer'),
    onFound: (registry) => logger.info({ registry }, 'the registry answers again'),
    onContested: (registry, node) =>
      logger.warn({ registry, node }, 'two reporters write under one node id: give each its own NODE_ID'),
    onSuspicion: (registry, nodes, isFollowing) =>
      logger[isFollowing ? 'debug' : 'warn'](
        { registry, count: nodes.length, nodes: nodes.slice(0, namedMax) },
        'nodes vanished together: asking them',
      ),
    onVerdict(registry, { kept, gone, because, isFollowing }) {
      const level = isFollowing ? 'debug' : 'warn';
      if (kept.length > 0) {
        const msg =
          because === 'fault'
            ? 'vanished nodes are kept: none answers, but the registry has failed'
            : 'vanished nodes are kept: they answer';
        logger[level]({ registry, count: kept.length, nodes: kept.slice(0, namedMax) }, msg);
      }
      if (gone.length > 0) {
        logger[level](
          { registry, count: gone.length, nodes: gone.slice(0, namedMax) },
          'vanished nodes do not answer: gone',
        );
      }
    },
  };
}
