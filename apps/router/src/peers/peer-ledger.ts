import { RegistryError, type LimitLedger } from '@turn-router/registry';
import type { ExchangeAnswer, ExchangeRequest, Standing } from './peer-messages.ts';

/** A process that can keep the ledger, as it was when it was asked. */
export type Peer = Standing & {
  /** Rejects with a RegistryError, within a bounded time. */
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeAnswer>;
};

export type PeerLedgerParts = {
  /** All that answer, within a bounded time; whoever asks may be among them. */
  readonly findPeers: () => Promise<readonly Peer[]>;
  /** Routers that share the limits, as last known. */
  readonly countReplicas: () => number;
};

/**
 * The ledger in the memory of one router, which all others find by themselves: the one that most of them tell already, of several the one
 * with the lowest id. It is believed only while all routers tell it, so that two of them, on two sides of a broken network, never both let
 * through a whole limit.
 */
export function createPeerLedger({ findPeers, countReplicas }: PeerLedgerParts): LimitLedger {
  let chosen: Peer | undefined;
  return {
    async exchangeLimits(replicaId, reports, busy) {
      const keeper = chosen ?? choosePeer(await findPeers());
      if (keeper === undefined) throw new RegistryError('unavailable', 'no router of PEERS answers');
      chosen = undefined;
      const answer = await keeper.exchange({ replicaId, reports, busy });
      const replicas = countReplicas();
      if (answer.routers < replicas) {
        throw new RegistryError('unavailable', `${answer.routers} of ${replicas} routers can be heard`);
      }
      chosen = keeper;
      return answer;
    },
  };
}

/** Undefined: of none. */
export function choosePeer(peers: readonly Peer[]): Peer | undefined {
  return peers.toSorted((a, b) => b.routers - a.routers || (a.id < b.id ? -1 : 1))[0];
}
