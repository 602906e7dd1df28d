import type { NodeKey } from '@turn-router/contract/registry';
import { createRedisRegistry, isLoopbackUrl } from '@turn-router/registry';
import type { ProofRegistry } from './proof-registry.ts';
import { publishTimeoutMs, type RegistryClock, type ReportPublisher } from './report-publisher.ts';
import { createRouterProofs, type RouterProofs } from './router-proofs.ts';
import { createRouterPublisher } from './router-publisher.ts';

/** The destination of reports, with its credentials. */
export type Destination =
  | { readonly kind: 'redis'; readonly url: string; readonly probeRouter?: RouterAccess | undefined }
  | ({ readonly kind: 'router' } & RouterAccess);

/** A router, and a token that it accepts from this reporter. */
export type RouterAccess = { readonly url: string; readonly token: string };

/** The registry of one destination. `proofs` is undefined if it keeps no proofs of nodes. */
export type OpenedRegistry = ReportPublisher & RegistryClock & { readonly proofs?: ProofRegistry };

/**
 * Opens the publisher for the configured destination.
 *
 * @param prober the node or the fleet watch that proves other nodes; undefined: this program proves none
 */
export function openPublisher(destination: Destination, random: () => number, prober?: NodeKey): OpenedRegistry {
  return destination.kind === 'redis' ? openRedis(destination, random, prober) : openRouter(destination, prober);
}

function openRedis(
  { url, probeRouter }: Extract<Destination, { kind: 'redis' }>,
  random: () => number,
  prober: NodeKey | undefined,
): OpenedRegistry {
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
    ...(probeRouter !== undefined &&
      prober !== undefined && { probeCredential: routerProofs(probeRouter, prober).probeCredential }),
  };
  return { ...registry, proofs };
}

function openRouter(access: RouterAccess, prober: NodeKey | undefined): OpenedRegistry {
  const publisher = createRouterPublisher({ ...access, timeoutMs: publishTimeoutMs });
  return prober === undefined ? publisher : { ...publisher, proofs: routerProofs(access, prober) };
}

function routerProofs(access: RouterAccess, prober: NodeKey): RouterProofs {
  return createRouterProofs({ ...access, timeoutMs: publishTimeoutMs }, prober);
}
