import { RegistryError, type LimitLedger } from '@turn-router/registry';
import type { ExchangeAnswer, ExchangeRequest, Standing } from './peer-messages.ts';

/** A process that can hold the ledger, with the standing that it reported last. The ledger is the count of calls that all routers share. */
export type Peer = Standing & {
  /** Rejects with a RegistryError, within a bounded time. */
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeAnswer>;
};

export type PeerLedgerParts = {
  /** Returns all peers that answer within a bounded time. This process may be among them. */
  readonly findPeers: () => Promise<readonly Peer[]>;
  /** The last known number of routers that share the limits. */
  readonly countReplicas: () => number;
};

/**
 * If too few routers report to the keeper in this many exchanges in a row, a keeper is chosen again. The other routers need this time to find the
 * keeper. An address of PEERS that does not respond makes this slow.
 */
const shortTimesMax = 4;

/**
 * Creates a ledger in the memory of one router, the keeper. All routers choose the same keeper: the router to which the most routers report. If
 * several routers are equal, the one with the lowest id is the keeper.
 *
 * The answers of the keeper are used only while all routers report to it. Otherwise a split network could have two keepers, and each could grant a
 * whole limit.
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
      // If the exchange fails, the next one chooses again.
      chosen = undefined;
      const answer = await keeper.exchange({ replicaId, reports, busy });
      const replicas = countReplicas();
      const isShort = answer.routers < replicas;
      shortTimes = isShort ? shortTimes + 1 : 0;
      if (shortTimes < shortTimesMax) chosen = keeper;
      if (isShort) {
        throw new RegistryError('unavailable', `${answer.routers} of ${replicas} routers are reachable`);
      }
      return answer;
    },
  };
}

/** Chooses the keeper; undefined if there are no peers. */
export function choosePeer(peers: readonly Peer[]): Peer | undefined {
  return peers.toSorted((a, b) => b.routers - a.routers || (a.id < b.id ? -1 : 1))[0];
}
