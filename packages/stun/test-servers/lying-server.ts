import { randomBytes } from 'node:crypto';
import type { LongTermCredentials, StunServer } from '../src/index.ts';
import { attributeTypes } from '../src/message/attribute-type.ts';
import { decodeMessage, type ReceivedMessage } from '../src/message/decode-message.ts';
import { encodeMessage } from '../src/message/encode-message.ts';
import { encodeErrorCode } from '../src/message/error-code.ts';
import { methods } from '../src/message/message-type.ts';
import { findAttribute } from '../src/message/stun-message.ts';
import { encodeXorAddress } from '../src/message/xor-address.ts';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { longTermKey } from '../src/turn/long-term-credentials.ts';

export type LyingServer = AsyncDisposable & {
  readonly server: StunServer;
  readonly credentials: LongTermCredentials;
};

/**
 * A server that grants everything, but does not relay to peers.
 *
 * @param lie `echo`: it sends each Send indication back as a Data indication. `no_peer`: it passes datagrams for the relayed address to the
 * client, but with an invalid peer address.
 */
export async function startLyingServer(
  credentials: LongTermCredentials,
  lie: 'echo' | 'no_peer',
): Promise<LyingServer> {
  const relay = createSocket('udp4').bind(0, '127.0.0.1');
  await once(relay, 'listening');
  const relayedAddress = { address: '127.0.0.1', port: relay.address().port, family: 'IPv4' } as const;
  const realm = 'turn.test';
  const key = longTermKey(credentials, realm);

  function reply(request: ReceivedMessage): Uint8Array | undefined {
    const { method, transactionId } = request;
    const address = encodeXorAddress(relayedAddress, transactionId);
    if (method === methods.binding) {
      const mapped = [{ type: attributeTypes.xorMappedAddress, value: address }];
      return encodeMessage({ messageClass: 'success', method, transactionId, attributes: mapped });
    }
    if (method === methods.send) {
      const data = findAttribute(request, attributeTypes.data);
      return lie === 'no_peer' || data === undefined ? undefined : indication(transactionId, address, data);
    }
    if (findAttribute(request, attributeTypes.nonce) === undefined) {
      const challenge = [
        { type: attributeTypes.errorCode, value: encodeErrorCode({ code: 401, reason: '' }) },
        { type: attributeTypes.realm, value: Buffer.from(realm) },
        { type: attributeTypes.nonce, value: Buffer.from('nonce') },
      ];
      return encodeMessage({ messageClass: 'error', method, transactionId, attributes: challenge });
    }
    const granted = [
      { type: attributeTypes.xorRelayedAddress, value: address },
      { type: attributeTypes.xorMappedAddress, value: address },
      { type: attributeTypes.lifetime, value: Uint8Array.of(0, 0, 2, 88) },
    ];
    return encodeMessage({ messageClass: 'success', method, transactionId, attributes: granted }, key);
  }

  const clients = createSocket('udp4').bind(0, '127.0.0.1');
  await once(clients, 'listening');
  let clientPort: number | undefined;
  clients.on('message', (packet, { port }) => {
    const request = decodeMessage(packet);
    if (request.signature !== undefined) clientPort = port;
    const answer = reply(request);
    if (answer !== undefined) clients.send(answer, port, '127.0.0.1');
  });
  relay.on('message', (datagram) => {
    if (lie === 'no_peer') clients.send(indication(randomBytes(12), Uint8Array.of(0, 7), datagram), clientPort);
  });
  return {
    server: { host: '127.0.0.1', port: clients.address().port, transport: 'udp' },
    credentials,
    async [Symbol.asyncDispose]() {
      clients.close();
      relay.close();
    },
  };
}

function indication(transactionId: Uint8Array, peer: Uint8Array, data: Uint8Array): Uint8Array {
  return encodeMessage({
    messageClass: 'indication',
    method: methods.data,
    transactionId,
    attributes: [
      { type: attributeTypes.xorPeerAddress, value: peer },
      { type: attributeTypes.data, value: data },
    ],
  });
}
