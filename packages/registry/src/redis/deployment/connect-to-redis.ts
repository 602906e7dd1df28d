import type { ConnectionOptions } from '../connection/connection-settings.ts';
import { parseRedisUrl } from '../url/redis-url.ts';
import { connectCluster } from './connect-cluster.ts';
import { connectSentinel } from './connect-sentinel.ts';
import { connectSingle } from './connect-single.ts';
import type { RedisDeployment } from './redis-deployment.ts';

/**
 * Connects in the background to the deployment that a URL names.
 *
 * @throws RedisUrlFault
 */
export function connectToRedis(url: string, options: ConnectionOptions): RedisDeployment {
  const target = parseRedisUrl(url);
  switch (target.kind) {
    case 'single':
      return connectSingle(target, options);
    case 'sentinel':
      return connectSentinel(target, options);
    case 'cluster':
      return connectCluster(target, options);
  }
}
