import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { guardSubscription } from '../connection/guard-replies.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import type { SentinelTarget } from '../url/redis-target.ts';

/** The number of sentinels to subscribe to. One event is enough. Each sentinel costs one connection per client. */
const watchedSentinels = 3;

/**
 * Calls `onFailover` when the sentinels have promoted another server. Without this, a client of the old primary would notice the failover
 * only when the old primary is demoted. This never happens while the sentinels cannot reach the old primary.
 */
export function watchFailover(
  target: SentinelTarget,
  options: ConnectionOptions,
  onFailover: () => void,
): { close: () => void } {
  const { sentinelCredentials, sentinels, primaryName } = target;
  const watches = sentinels.slice(0, watchedSentinels).map(({ host, port }) => {
    const { socketTimeout: _, ...settings } = connectionSettings(options, {
      ...target,
      credentials: sentinelCredentials,
    });
    // A subscription is silent most of the time, so it has no socketTimeout.
    const sentinel = new Redis({
      ...settings,
      host,
      port,
      autoResubscribe: false,
      retryStrategy: createReconnectDelay(options),
    });
    guardSubscription(sentinel);
    // Errors of this connection are ignored: it only speeds up the failover, and the commands of the registry report errors.
    sentinel.on('error', () => undefined);
    sentinel.on('ready', () => void sentinel.subscribe('+switch-master').catch(() => undefined));
    // <name> <old ip> <old port> <new ip> <new port>
    sentinel.on('message', (_channel, message: string) => {
      if (message.startsWith(`${primaryName} `)) onFailover();
    });
    return sentinel;
  });
  return {
    close() {
      for (const sentinel of watches) sentinel.disconnect();
    },
  };
}
