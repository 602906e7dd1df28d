import { startLoop, type LimitLedger } from '@turn-router/registry';
import type { LimitMetrics } from '../../observe/limit-metrics.ts';
import type { Logger } from '../../observe/logger.ts';
import { createLedgerWithStandIn } from './ledger-with-stand-in.ts';
import type { PeerAddress } from './peer-address.ts';
import { createPeerClient } from './peer-client.ts';
import { createPeerLedger } from './peer-ledger.ts';
import { createPeerWatch } from './peer-watch.ts';
import { createPeerResolver } from './resolve-peers.ts';

/** How often PEERS are looked up and asked whether they are there, ms. */
const checkIntervalMs = 10_000;

export type PeersConfig = {
  readonly addresses: readonly PeerAddress[];
  /** Where this router listens for the others; `host` undefined: every address of the machine. */
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
  /** Routers that share the limits, as last known. */
  readonly countReplicas: () => number;
};

/** Where routers agree on limits. */
export interface SharedLimits extends AsyncDisposable {
  /** Undefined: there are no other routers. */
  readonly ledger: LimitLedger | undefined;
}

/** The registry's ledger, and while it is away that of one of the routers. Without peers it is the registry's alone. */
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
        'not all of PEERS answer: rate limits may not be shared while Redis is away',
      ),
    onAllAnswer: () => logger.info({ event: 'peers.answering' }, 'all of PEERS answer again'),
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
