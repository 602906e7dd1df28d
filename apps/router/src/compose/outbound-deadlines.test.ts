import { createServer } from 'node:https';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { collectGarbage, eventually, startSlowServer, type Slowness } from '@turn-router/testing';
import { createFetchJwks } from '../callers/auth/jwt/fetch-jwks.ts';
import { createPeerClient } from '../callers/peers/peer-client.ts';
import { serverTls } from '../callers/peers/peer-tls.ts';
import { createAskedProofs } from '../workers/ask-for-verdict.ts';
import { createQuestionDesk } from '../workers/question-desk.ts';

/** Long enough for several garbage collections. */
const timeoutMs = 500;

const secret = 'a-secret-that-only-these-routers-have';

async function endOf(call: () => Promise<unknown>): Promise<unknown> {
  using _ = collectGarbage();
  return await call().catch((error: unknown) => error);
}

describe.each<Slowness>(['hangs', 'drips'])('while garbage is collected, a call to a server that %s', (slowness) => {
  test('for a JWKS ends at its deadline', async () => {
    await using server = await startSlowServer(slowness);
    const fetchJwks = createFetchJwks(`http://127.0.0.1:${server.port}/jwks.json`, timeoutMs);
    const stop = new AbortController();
    expect(await endOf(() => fetchJwks(stop.signal))).toMatchObject({
      name: 'JwksError',
      message: 'the host did not respond (TimeoutError)',
    });
    await eventually('the connection to be closed', () => server.connections() === 0);
  });

  test('for a JWKS ends when the router stops', async () => {
    await using server = await startSlowServer(slowness);
    const stop = new AbortController();
    const ended = endOf(() => createFetchJwks(`http://127.0.0.1:${server.port}/`, 600_000)(stop.signal));
    setTimeout(() => stop.abort(), timeoutMs);
    expect(await ended).toMatchObject({ name: 'JwksError' });
  });
});

describe('while garbage is collected, a call', () => {
  test('to a peer that never answers the handshake ends at its deadline', async () => {
    await using server = await startSlowServer('hangs');
    using client = createPeerClient(secret, timeoutMs);
    expect(await endOf(() => client.ask({ host: '127.0.0.1', port: server.port }))).toMatchObject({
      message: 'a router of PEERS does not respond in time',
    });
  });

  test.each(['nothing', 'a byte at a time'])('to a peer that sends %s ends at its deadline', async (sends) => {
    const server = createServer(serverTls(secret), (_req, res) => {
      if (sends === 'nothing') return;
      res.writeHead(200).flushHeaders();
      const drip = setInterval(() => res.write(' '), 20);
      res.on('close', () => clearInterval(drip));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      using client = createPeerClient(secret, timeoutMs);
      expect(await endOf(() => client.ask({ host: '127.0.0.1', port }))).toMatchObject({
        message: 'a router of PEERS does not respond in time',
      });
    } finally {
      server.closeAllConnections();
      await once(server.close(), 'close');
    }
  });

  test('to a worker that never answers ends at its deadline', async () => {
    const desk = createQuestionDesk();
    const silent = { send: () => undefined };
    expect(await endOf(() => desk.ask(silent, 'metrics', [], timeoutMs))).toBeUndefined();
  });

  test('to a primary that never answers ends at its deadline', async () => {
    const proofs = createAskedProofs(() => Promise.resolve(), { timeoutMs });
    const verdict = { sound: true } as const;
    expect(await endOf(() => proofs.verdictOn('digest', () => Promise.resolve(verdict)))).toEqual(verdict);
  });
});
