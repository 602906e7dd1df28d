import { createRedisRegistry } from '@turn-router/registry';
import { publishTimeoutMs, type RegistryClock, type ReportPublisher } from './report-publisher.ts';
import { createRouterPublisher } from './router-publisher.ts';

/** The destination of reports, with its credentials. */
export type Destination =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'router'; readonly url: string; readonly token: string };

/** Opens the publisher for the configured destination. */
export function openPublisher(destination: Destination, random: () => number): ReportPublisher & RegistryClock {
  return destination.kind === 'redis'
    ? createRedisRegistry({
        url: destination.url,
        name: 'turn-router-health-reporter',
        random,
        commandTimeoutMs: publishTimeoutMs,
      })
    : createRouterPublisher({ url: destination.url, token: destination.token, timeoutMs: publishTimeoutMs });
}
