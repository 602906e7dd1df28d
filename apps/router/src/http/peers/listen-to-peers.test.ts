import { once } from 'node:events';
import { createServer as createTlsServer, request } from 'node:https';
import { connect, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { listenToPeers } from './listen-to-peers.ts';
import { createPeerClient } from '../../callers/peers/peer-client.ts';
import { clientTls, serverTls } from '../../callers/peers/peer-tls.ts';

const secret = 'not-the-secret-of-any-fleet-at-all';
const report = { bucket: 'x', limit: 100, calls: [{ ageSlots: 0, calls: 7 }], wish: 10 };

/** Timeout for a peer's response, ms: long enough for a busy machine. */
const patientMs = 60_000;

function listenHere() {
  const parts = { id: 'one', monotonicNowMs: () => performance.now() };
  return listenToPeers({ host: '127.0.0.1', port: 0, secret }, parts);
}

describe('a router that serves the ledger to peers', () => {
  test('exchanges counts over persistent connections', async () => {
    await using listener = await listenHere();
    using client = createPeerClient(secret, patientMs);
    const peer = await client.ask({ host: '127.0.0.1', port: listener.port });
    expect(peer).toMatchObject({ id: 'one', routers: 0 });
    await peer.exchange({ replicaId: 'a', reports: [report], busy: ['x'] });
    const answer = await peer.exchange({ replicaId: 'b', reports: [{ ...report, calls: [] }], busy: [] });
    expect(answer).toMatchObject({
      settlements: [{ granted: 10, othersCalls: 7, fullForMs: 0 }],
      busy: ['x'],
      routers: 2,
    });
  });

  test('accepts the largest exchange that a router sends', async () => {
    await using listener = await listenHere();
    using client = createPeerClient(secret, patientMs);
    const calls = Array.from({ length: 61 }, (_, ageSlots) => ({ ageSlots, calls: 1_000_000 }));
    const reports = Array.from({ length: 256 }, (_, index) => ({
      bucket: `${index}`.padStart(32, '0'),
      limit: 1_000_000_000,
      calls,
      wish: 1,
    }));
    const busy = Array.from({ length: 1_000 }, (_, index) => `${index}`.padStart(32, '0'));
    const peer = await client.ask({ host: '127.0.0.1', port: listener.port });
    const { settlements } = await peer.exchange({ replicaId: 'a', reports, busy });
    expect(settlements).toHaveLength(256);
  });

  test('rejects peers with another secret, on either side', async () => {
    await using listener = await listenHere();
    using client = createPeerClient('the-secret-of-some-other-fleet-here', patientMs);
    await expect(client.ask({ host: '127.0.0.1', port: listener.port })).rejects.toMatchObject({
      name: 'RegistryError',
      code: 'unavailable',
      message: 'a router of PEERS has a different PEER_SECRET, or is not a router',
    });
  });

  test.each([
    ['plain HTTP', 'GET /v1/peer HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['the beginning of TLS', '\u0016\u0003\u0001'],
    ['nothing', ''],
  ])('disconnects clients that are not peers: %s', async (_what, text) => {
    await using listener = await listenHere();
    const socket = connect(listener.port, '127.0.0.1');
    const closed = once(socket, 'close');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    // The server may reset a connection that sends garbage.
    socket.on('error', () => undefined);
    socket.write(text, 'latin1');
    await closed;
    expect(answer).not.toContain('routers');
    using client = createPeerClient(secret, patientMs);
    expect(await client.ask({ host: '127.0.0.1', port: listener.port })).toMatchObject({ id: 'one' });
  });

  test.each([
    [404, '/v1/else', '{}'],
    [400, '/v1/limits', '{'],
    [413, '/v1/limits', JSON.stringify({ more: 'x'.repeat(1_100_000) })],
    [422, '/v1/limits', JSON.stringify({ replicaId: 'a', reports: [{ ...report, wish: -1 }], busy: [] })],
    [422, '/v1/limits', JSON.stringify({ replicaId: 'a', reports: [], busy: [], __proto__: null, more: 1 })],
  ])('responds with %i and no details to an invalid request', async (status, path, body) => {
    await using listener = await listenHere();
    const sent = request({
      ...clientTls(secret),
      host: '127.0.0.1',
      port: listener.port,
      method: 'POST',
      path,
      headers: { 'Content-Type': 'application/json' },
    });
    sent.end(body);
    const [response] = await once(sent, 'response');
    response.resume();
    expect(response.statusCode).toBe(status);
    await once(response, 'end');
  });

  test.each([
    [404, 200],
    [431, 300],
    [431, 5_000],
  ])('responds with %i to a head with %i more lines', async (status, count) => {
    await using listener = await listenHere();
    const headers = Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 'x']));
    const sent = request({ ...clientTls(secret), host: '127.0.0.1', port: listener.port, path: '/v1/else', headers });
    sent.end();
    const [response] = await once(sent, 'response');
    response.resume();
    expect(response.statusCode).toBe(status);
  });

  test('stops at once, and its peers notice', async () => {
    const listener = await listenHere();
    using client = createPeerClient(secret, patientMs);
    const peer = await client.ask({ host: '127.0.0.1', port: listener.port });
    await listener[Symbol.asyncDispose]();
    await expect(peer.exchange({ replicaId: 'a', reports: [], busy: [] })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^a router of PEERS is unreachable \(E[A-Z]+\)$/),
    });
  });

  test.each<[what: string, status: number, body: string]>([
    ['another status', 500, '{"id":"one","routers":1}'],
    ['no JSON', 200, '<html>'],
    ['another shape', 200, '{"id":"one","routers":-1}'],
    ['without end', 200, 'x'.repeat(2_000_000)],
  ])('is skipped if its response is invalid: %s', async (_what, status, body) => {
    const strange = createTlsServer(serverTls(secret), (_req, res) => res.writeHead(status).end(body));
    strange.listen(0, '127.0.0.1');
    await once(strange, 'listening');
    const bound = strange.address();
    using client = createPeerClient(secret, patientMs);
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    await expect(client.ask({ host: '127.0.0.1', port })).rejects.toMatchObject({
      message: 'a router of PEERS sends an unexpected response',
    });
    strange.close();
    strange.closeAllConnections();
  });

  test('is skipped after the timeout if it does not respond', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const bound = silent.address();
    using client = createPeerClient(secret);
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    await expect(client.ask({ host: '127.0.0.1', port })).rejects.toMatchObject({
      message: 'a router of PEERS does not respond in time',
    });
    silent.close();
    await once(silent, 'close');
  });
});
