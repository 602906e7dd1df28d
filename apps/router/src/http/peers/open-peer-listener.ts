import type { PeersConfig } from '../../callers/peers/share-with-peers.ts';
import type { Logger } from '../../observe/logger.ts';
import type { World } from '../../world.ts';
import { explainListenError, peerSettings } from '../listen-error.ts';
import { listenToPeers } from './listen-to-peers.ts';

/**
 * Opens the peer listener if the settings configure one.
 *
 * @throws ListenError if the port is in use
 */
export async function openPeerListener(
  { peers }: { readonly peers: PeersConfig | undefined },
  { peerSecret }: { readonly peerSecret: string | undefined },
  { newId, monotonicNowMs, logger }: Pick<World, 'newId' | 'monotonicNowMs'> & { readonly logger: Logger },
): Promise<AsyncDisposable | undefined> {
  if (peers === undefined || peerSecret === undefined) return undefined;
  const listener = await explainListenError(
    listenToPeers({ host: peers.host, port: peers.port, secret: peerSecret }, { id: newId(), monotonicNowMs }),
    peers,
    peerSettings,
  );
  logger.info({ event: 'peers.listening', peerPort: listener.port }, 'listening for peers');
  return listener;
}
