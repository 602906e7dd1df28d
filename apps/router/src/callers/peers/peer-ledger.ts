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
 * So often in a row the chosen one may hear too few before it is chosen anew: others need the time to find it, and finding takes long
 * where an address of PEERS is silent.
 */
const shortTimesMax = 4;

/**
 * The ledger in the memory of one router, which all others find by themselves: the one that most of them tell already, of several the one
 * with the lowest id. It is believed only while all routers tell it, so that two of them, on two sides of a broken network, never both let
 * through a whole limit.
 */
export function createPeerLedger({ findPeers, countReplicas }: PeerLedgerParts): LimitLedger {
  let chosen: Peer | undefined;
  let shortTimes = 0;

  async function choose(): Promise<Peer> {
    const best = choosePeer(await findPeers());
    if (best === undefined) throw new RegistryError('unavailable', 'no router of PEERS answers');
    shortTimes = 0;
    return best;
  }

  return {
    async exchangeLimits(replicaId, reports, busy) {
      const keeper = chosen ?? (await choose());
      // Should it fail, another may be better.
      chosen = undefined;
      const answer = await keeper.exchange({ replicaId, reports, busy });
      const replicas = countReplicas();
      const isShort = answer.routers < replicas;
      shortTimes = isShort ? shortTimes + 1 : 0;
      if (shortTimes < shortTimesMax) chosen = keeper;
      if (isShort) {
        throw new RegistryError('unavailable', `${answer.routers} of ${replicas} routers can be heard`);
      }
      return answer;
    },
  };
}

/** Undefined: of none. */
export function choosePeer(peers: readonly Peer[]): Peer | undefined {
  return peers.toSorted((a, b) => b.routers - a.routers || (a.id < b.id ? -1 : 1))[0];
}
