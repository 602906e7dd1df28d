import type { RouterConfig, RouterSecrets } from '../config/router-config.ts';
import type { Logger } from '../logger.ts';
import type { World } from '../world.ts';
import { listenToPeers } from './listen-to-peers.ts';

/**
 * Opens the peer listener where the settings ask for one.
 *
 * @throws the system's error when the port is taken
 */
export async function openPeerListener(
  { peers }: Pick<RouterConfig, 'peers'>,
  { peerSecret }: Pick<RouterSecrets, 'peerSecret'>,
  { newId, monotonicNowMs, logger }: Pick<World, 'newId' | 'monotonicNowMs'> & { readonly logger: Logger },
): Promise<AsyncDisposable | undefined> {
  if (peers === undefined || peerSecret === undefined) return undefined;
  const listener = await listenToPeers(
    { host: peers.host, port: peers.port, secret: peerSecret },
    { id: newId(), monotonicNowMs },
  );
  logger.info({ peerPort: listener.port }, 'listening to peers');
  return listener;
}
