import { createRedisRegistry, isLoopbackUrl } from '@turn-router/registry';
import type { ProofRegistry } from './proof-registry.ts';
import { publishTimeoutMs, type RegistryClock, type ReportPublisher } from './report-publisher.ts';
import { createRouterPublisher } from './router-publisher.ts';

/** The destination of reports, with its credentials. */
export type Destination =
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'router'; readonly url: string; readonly token: string };

/** The registry of one destination. `proofs` is undefined if it keeps no proofs of nodes. */
export type OpenedRegistry = ReportPublisher & RegistryClock & { readonly proofs?: ProofRegistry };

/** Opens the publisher for the configured destination. */
export function openPublisher(destination: Destination, random: () => number): OpenedRegistry {
  return destination.kind === 'redis' ? openRedis(destination.url, random) : openRouter(destination);
}

function openRedis(url: string, random: () => number): OpenedRegistry {
  const registry = createRedisRegistry({
    url,
    name: 'turn-router-health-reporter',
    random,
    commandTimeoutMs: publishTimeoutMs,
  });
  const proofs: ProofRegistry = {
    ...registry.proofs,
    readNodes: async () => (await registry.readAll()).records,
    readNode: (key) => registry.readNode(key),
    isOnLoopback: isLoopbackUrl(url),
  };
  return { ...registry, proofs };
}

function openRouter({ url, token }: Extract<Destination, { kind: 'router' }>): OpenedRegistry {
  return createRouterPublisher({ url, token, timeoutMs: publishTimeoutMs });
}
