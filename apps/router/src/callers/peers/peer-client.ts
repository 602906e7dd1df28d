import { Agent, request } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { withDeadline } from '@turn-router/deadline';
import { RegistryError } from '@turn-router/registry';
import type { z } from 'zod';
import type { PeerAddress } from './peer-address.ts';
import type { Peer } from './peer-ledger.ts';
import { exchangeAnswerSchema, standingSchema } from './peer-messages.ts';
import { clientTls } from './peer-tls.ts';

/** Longest wait for a peer, ms. A response takes the peer at most some 5 ms of work. The first response also needs a handshake. */
const defaultTimeoutMs = 1_000;

/** Maximum length of a response, characters. It is far more than the response to the largest exchange. */
const responseMaxChars = 1_048_576;

export interface PeerClient extends Disposable {
  /** Asks the peer at an address for its standing: its id, and the number of routers that report to it. Rejects with a RegistryError. */
  readonly ask: (address: PeerAddress) => Promise<Peer>;
}

/** Creates a client for routers with the same secret. The client keeps its connections open. */
export function createPeerClient(secret: string, timeoutMs = defaultTimeoutMs): PeerClient {
  const agent = new Agent({ keepAlive: true, ...clientTls(secret) });

  async function call<Schema extends z.ZodType>(
    { host, port }: PeerAddress,
    { path, body, schema }: { path: string; body?: unknown; schema: Schema },
  ): Promise<z.output<Schema>> {
    const exchange = async (signal: AbortSignal) => {
      const sent = request({
        agent,
        host,
        port,
        path,
        ...(body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' } }),
        signal,
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      const response = await responseTo(sent);
      const text = await readBoundedText(response);
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
      return schema.parse(JSON.parse(text));
    };
    try {
      return await withDeadline({ timeoutMs }, exchange);
    } catch (error) {
      throw new RegistryError('unavailable', `a router of PEERS ${describeFault(error)}`, { cause: error });
    }
  }

  return {
    async ask(address) {
      const standing = await call(address, { path: '/v1/peer', schema: standingSchema });
      return {
        ...standing,
        exchange: (body) => call(address, { path: '/v1/limits', body, schema: exchangeAnswerSchema }),
      };
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

function responseTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => void sent.once('response', resolve).once('error', reject));
}

/** @throws an error of the connection, or an Error if the response is too long */
async function readBoundedText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > responseMaxChars) throw new Error('the response is too long');
  }
  return text;
}

/** Describes the fault of a peer as this router sees it. */
function describeFault(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'sends an unexpected response';
  const code = 'code' in error ? error.code : undefined;
  // If the keys differ, the first encrypted record is unreadable. The same error occurs if the server does not support this TLS mode.
  if (code === 'EPROTO' || String(code).startsWith('ERR_SSL')) return 'has a different PEER_SECRET, or is not a router';
  if ('name' in error && error.name === 'TimeoutError') return 'does not respond in time';
  return typeof code === 'string' ? `is unreachable (${code})` : 'sends an unexpected response';
}
