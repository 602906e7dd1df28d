import { Redis } from 'ioredis';
import { connectionSettings, type ConnectionOptions } from '../connection/connection-settings.ts';
import { createReconnectDelay } from '../connection/reconnect-delay.ts';
import type { SentinelTarget } from '../url/redis-target.ts';

/** Sentinels that are listened to; any one of them tells. Each costs a connection per client. */
const watchedSentinels = 3;

/**
 * Calls when the sentinels have made another server the primary. A client that is still connected to the old one would not hear of it by
 * itself until that one is told, which is never while the sentinels cannot reach it.
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
    // Silence is what a subscription mostly hears, so it has no socketTimeout.
    const sentinel = new Redis({
      ...settings,
      host,
      port,
      autoResubscribe: false,
      retryStrategy: createReconnectDelay(options),
    });
    // The commands of the registry tell what is wrong; this connection only speeds things up.
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
