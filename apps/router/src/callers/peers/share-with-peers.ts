import { startLoop, type LimitLedger } from '@turn-router/registry';
import type { LimitMetrics } from '../../observe/limit-metrics.ts';
import type { Logger } from '../../observe/logger.ts';
import { createLedgerWithStandIn } from './ledger-with-stand-in.ts';
import type { PeerAddress } from './peer-address.ts';
import { createPeerClient } from './peer-client.ts';
import { createPeerLedger } from './peer-ledger.ts';
import { createPeerWatch } from './peer-watch.ts';
import { createPeerResolver } from './resolve-peers.ts';

/** Time between two checks of PEERS, ms. */
const checkIntervalMs = 10_000;

export type PeersConfig = {
  readonly addresses: readonly PeerAddress[];
  /** Address of this router's peer listener; undefined: every address of the machine. */
  readonly host: string | undefined;
  readonly port: number;
};

export type SharedLimitsOptions = {
  readonly peers: PeersConfig | undefined;
  readonly peerSecret: string | undefined;
};

export type SharedLimitsParts = {
  readonly logger: Logger;
  readonly metrics: Pick<LimitMetrics, 'usePeers'>;
  /** The last known number of routers that share the limits. */
  readonly countReplicas: () => number;
};

/** The ledger: the count of calls that this router shares with other routers. */
export interface SharedLimits extends AsyncDisposable {
  /** Undefined: this is the only router. */
  readonly ledger: LimitLedger | undefined;
}

/** Returns the ledger in the registry. While the registry is unreachable, the ledger of a peer replaces it. Without peers there is no replacement. */
export function shareWithPeers(
  main: LimitLedger | undefined,
  { peers, peerSecret }: SharedLimitsOptions,
  { logger, metrics, countReplicas }: SharedLimitsParts,
): SharedLimits {
  if (main === undefined || peers === undefined || peerSecret === undefined) {
    return { ledger: main, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const client = createPeerClient(peerSecret);
  const watch = createPeerWatch({
    resolve: createPeerResolver(peers.addresses),
    ask: client.ask,
    onChecked: ({ answering, silent }) => metrics.usePeers(answering, silent),
    onSilent: (found) =>
      logger.warn(
        { event: 'peers.silent', ...found },
        'some routers of PEERS do not answer: if Redis fails, routers may be unable to count calls together',
      ),
    onAllAnswer: () => logger.info({ event: 'peers.answering' }, 'all routers of PEERS answer again'),
  });
  const checks = startLoop(watch.check, checkIntervalMs);
  return {
    ledger: createLedgerWithStandIn(main, createPeerLedger({ findPeers: watch.findPeers, countReplicas })),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await checks[Symbol.asyncDispose]();
    },
  };
}
