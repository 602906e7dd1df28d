import { Agent, request } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { RegistryError } from '@turn-router/registry';
import type { z } from 'zod';
import type { PeerAddress } from './peer-address.ts';
import type { Peer } from './peer-ledger.ts';
import { exchangeAnswerSchema, standingSchema } from './peer-messages.ts';
import { clientTls } from './peer-tls.ts';

/** Within this time a peer has answered, ms: some 5 ms of work at the most, and a handshake before the first. */
const answeredWithinMs = 1_000;

/** Far above an answer to the largest exchange. */
const answerMaxLetters = 1_048_576;

export interface PeerClient extends Disposable {
  /** Who answers at the address. Rejects with a RegistryError. */
  readonly ask: (address: PeerAddress) => Promise<Peer>;
}

/** Talks to routers that have the same secret, over connections that are kept. */
export function createPeerClient(secret: string, timeoutMs = answeredWithinMs): PeerClient {
  const agent = new Agent({ keepAlive: true, ...clientTls(secret) });

  async function call<Schema extends z.ZodType>(
    { host, port }: PeerAddress,
    { path, body, schema }: { path: string; body?: unknown; schema: Schema },
  ): Promise<z.output<Schema>> {
    try {
      const sent = request({
        agent,
        host,
        port,
        path,
        ...(body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' } }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      sent.end(body === undefined ? undefined : JSON.stringify(body));
      const response = await responseTo(sent);
      const answer = await boundedText(response);
      if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
      return schema.parse(JSON.parse(answer));
    } catch (error) {
      throw new RegistryError('unavailable', `a router of PEERS ${whyNot(error)}`, { cause: error });
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

/** @throws whatever breaks the connection, or an Error when there is too much */
async function boundedText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const letters of response.setEncoding('utf8')) {
    text += String(letters);
    if (text.length > answerMaxLetters) throw new Error('the answer is too long');
  }
  return text;
}

/** What is wrong with a peer, as far as it can be told from here. */
function whyNot(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'answers with something else';
  const code = 'code' in error ? error.code : undefined;
  // With another key the first encrypted record cannot be read; who speaks no such TLS at all fails in the same way.
  if (code === 'EPROTO' || String(code).startsWith('ERR_SSL')) return 'has another PEER_SECRET, or is none';
  if (code === 'ABORT_ERR') return 'does not answer in time';
  return typeof code === 'string' ? `cannot be reached (${code})` : 'answers with something else';
}
