import { lookup } from 'node:dns/promises';
import type { PeerAddress } from './peer-address.ts';

/** More routers than share one fleet; what else a name stands for is left out. */
const addressesMax = 64;

export type ResolvedPeers = {
  readonly addresses: readonly PeerAddress[];
  /** Names that have never stood for any address. */
  readonly unknown: readonly string[];
};

/**
 * Every address that the names stand for, as a service of Compose or a headless one of Kubernetes does for all its replicas. A name that
 * cannot be looked up stands for what it did before: name servers may go down together with the registry.
 */
export function createPeerResolver(peers: readonly PeerAddress[]): () => Promise<ResolvedPeers> {
  const known = new Map<PeerAddress, readonly PeerAddress[]>();
  return async () => {
    await Promise.all(
      peers.map(async (peer) => {
        const found = await lookup(peer.host, { all: true }).catch(() => undefined);
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
