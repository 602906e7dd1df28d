import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import { closeIdleWhenCrowded } from './close-idle-when-crowded.ts';

let server: Server;
let nowMs = 0;
let sockets: Socket[] = [];
let answerSlow: () => void;
beforeEach(async () => {
  nowMs = 0;
  sockets = [];
  server = createServer((request, response) => {
    if (request.url === '/slow') answerSlow = () => response.end('slow');
    else response.end('ok');
  });
  closeIdleWhenCrowded(server, 4, () => nowMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

async function dial(): Promise<Socket> {
  const address = server.address();
  const socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function ask(socket: Socket, path = '/'): Promise<string> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return String(await once(socket, 'data'));
}

test('closes only connections that have had their response', async () => {
  const [idle, busy, fresh] = [await dial(), await dial(), await dial()];
  await ask(idle);
  const slow = ask(busy, '/slow');
  await eventually('the slow request to arrive', () => answerSlow !== undefined);
  const newcomer = await dial();
  await eventually('the idle connection to be closed', () => idle.closed);
  answerSlow();
  expect(await slow).toContain('slow');
  expect(await ask(fresh)).toContain('ok');
  expect(await ask(newcomer)).toContain('ok');
});

test('scans all connections at most once a second', async () => {
  const first = [await dial(), await dial(), await dial(), await dial()];
  await Promise.all(first.map((socket) => ask(socket)));
  nowMs = 999;
  const fifth = await dial();
  await ask(fifth);
  expect(first.map(({ closed }) => closed)).toEqual([false, false, false, false]);
  nowMs = 1_000;
  await dial();
  await eventually('all idle connections to be closed', () => [...first, fifth].every(({ closed }) => closed));
});
