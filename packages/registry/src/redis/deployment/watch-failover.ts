import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import type { SentinelTarget } from '../url/redis-target.ts';

/** The number of sentinels to subscribe to; one event suffices. Each costs one connection per client. */
const watchedSentinels = 3;

/**
 * Calls `onFailover` when the sentinels have promoted another server. A client connected to the old primary would only notice when that one
 * is demoted, which never happens while the sentinels cannot reach it.
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
    // The commands of the registry report the errors; this connection only speeds up the failover.
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
