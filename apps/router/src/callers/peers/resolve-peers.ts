import { lookup } from 'node:dns/promises';
import { withDeadline } from '@turn-router/deadline';
import type { PeerAddress } from './peer-address.ts';

/** At most this many addresses are used. A fleet has fewer routers. */
const addressesMax = 64;

/** Longest wait for the name servers, ms. The system itself gives up later, after several attempts of 5 s. */
const lookupTimeoutMs = 5_000;

export type ResolvedPeers = {
  readonly addresses: readonly PeerAddress[];
  /** Names that have never resolved to an address. */
  readonly unknown: readonly string[];
};

/**
 * Creates a function that resolves the names to all their addresses. A name can be a Compose service with several replicas, or a headless
 * Kubernetes service. If the lookup of a name fails, its previous addresses stay in use, because name servers may fail together with the registry.
 */
export function createPeerResolver(peers: readonly PeerAddress[]): () => Promise<ResolvedPeers> {
  const known = new Map<PeerAddress, readonly PeerAddress[]>();
  return async () => {
    await Promise.all(
      peers.map(async (peer) => {
        const found = await withDeadline({ timeoutMs: lookupTimeoutMs }, () => lookup(peer.host, { all: true })).catch(
          () => undefined,
        );
        if (found !== undefined) {
          known.set(
            peer,
            found.map(({ address }) => ({ host: address, port: peer.port })),
          );
        }
      }),
    );
    return {
      addresses: [...known.values()].flat().slice(0, addressesMax),
      unknown: peers.filter((peer) => !known.has(peer)).map(({ host }) => host),
    };
  };
}
