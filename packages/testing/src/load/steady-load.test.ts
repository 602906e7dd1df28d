import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../fixtures/eventually.ts';
import { freePort } from '../fixtures/free-port.ts';
import { startSteadyLoad } from './steady-load.ts';

async function startServer(onCall: (answer: ServerResponse, body: string) => void) {
  const server = createServer((call, answer) => {
    let body = '';
    call.setEncoding('utf8').on('data', (text: string) => (body += text));
    call.once('end', () => onCall(answer, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe('steady load', () => {
  test('keeps calling a server that does not answer, and measures latency from the time a call was due', async () => {
    const held: ServerResponse[] = [];
    await using server = await startServer((answer) => held.push(answer));
    await using load = startSteadyLoad({ url: server.url, ratePerSecond: 100, maxSeconds: 30, timeoutMs: 60_000 });
    await eventually('fifty open calls at once', () => held.length >= 50);
    expect(load.answers()).toEqual([]);
    let isStopped = false;
    const stopping = load.stop().then(() => (isStopped = true));
    await eventually('the open calls to arrive and be answered', () => {
      for (const answer of held.splice(0)) answer.end('{"region":"r","nodes":["r/n"]}');
      return isStopped;
    });
    await stopping;
    expect(load.answers().length).toBeGreaterThanOrEqual(50);
    const [first] = load.answers();
    expect(first).toMatchObject({ status: 200, region: 'r', nodes: ['r/n'] });
    expect(load.window(0, Infinity)).toMatchObject({ failures: 0 });
    // Fifty calls were due 10 ms apart before the first answer.
    expect(load.window(0, Infinity).maxMs).toBeGreaterThan(450);
  });

  test('ends by itself, rotates through its callers, and keeps connections', async () => {
    const bodies: string[] = [];
    const ports = new Set<number | undefined>();
    await using server = await startServer((answer, body) => {
      bodies.push(body);
      ports.add(answer.socket?.remotePort);
      answer.writeHead(503).end('{"code":"no_relay_available"}');
    });
    await using load = startSteadyLoad({
      url: server.url,
      ratePerSecond: 100,
      maxSeconds: 0.2,
      callers: [{ body: { maxNodes: 1 } }, { body: { maxNodes: 2 } }],
    });
    await eventually('twenty answers', () => load.answers().length === 20);
    await load.stop();
    expect(bodies.toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => '{"maxNodes":1}'),
      ...Array.from({ length: 10 }, () => '{"maxNodes":2}'),
    ]);
    expect(ports.size).toBeLessThan(20);
    expect(load.window(0, Infinity)).toMatchObject({
      calls: 20,
      byStatus: { 503: 20 },
      byCode: { no_relay_available: 20 },
      failures: 20,
    });
  });

  test('resends a call once when its kept connection closes before the answer', async () => {
    let calls = 0;
    await using server = await startServer((answer) => {
      calls += 1;
      // The second call uses the connection that the first call left open.
      if (calls === 2) answer.socket?.resetAndDestroy();
      else answer.end('{}');
    });
    await using load = startSteadyLoad({ url: server.url, ratePerSecond: 20, maxSeconds: 0.1 });
    await eventually('both calls to be answered', () => load.answers().length === 2);
    expect(load.window(0, Infinity)).toMatchObject({ failures: 0, redials: 1 });
    expect(calls).toBe(3);
  });

  test('counts a refused connection as a call without an answer', async () => {
    await using load = startSteadyLoad({
      url: `http://127.0.0.1:${await freePort()}`,
      ratePerSecond: 100,
      maxSeconds: 0.02,
    });
    await eventually('both calls to fail', () => load.answers().length === 2);
    expect(load.window(0, Infinity)).toMatchObject({ byStatus: { 0: 2 }, byCode: { ECONNREFUSED: 2 } });
  });
});
