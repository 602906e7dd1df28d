import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allocateAndRelease, holdAllocation } from '@turn-router/stun';
import { eventually, freePort, startCoturn, type CoturnServer } from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { openCoturnCli } from './open-coturn-cli.ts';

const secret = 'kJ8-first-north-secret';
const password = 'rD5-password-of-the-cli';
const host = '127.0.0.1';

const credentialOf = (opaqueUserId: string, ttlSeconds = 600) =>
  issueCredential({ key: { id: 'only', secret }, opaqueUserId, nowMs: Date.now(), ttlSeconds });

describe('the CLI of a real coturn', () => {
  let coturn: CoturnServer;
  let cliPort: number;
  beforeAll(async () => {
    cliPort = await freePort();
    coturn = await startCoturn({ secrets: [secret], cli: { port: cliPort, password } });
  });
  afterAll(() => coturn.stop());

  const server = () => ({ host: coturn.address, port: coturn.port, transport: 'udp' as const });
  const options = { timeoutMs: 60_000 };
  const open = () => openCoturnCli({ host, port: cliPort, timeoutMs: 2_000 }, password);

  test('lists the sessions of one user with any expiry, and ends them', async () => {
    await using _first = await holdAllocation(server(), credentialOf('3q2-7wABCd_f'), options);
    await using _second = await holdAllocation(server(), credentialOf('3q2-7wABCd_f', 700), options);
    await using _another = await holdAllocation(server(), credentialOf('x3q2-7wABCd_f'), options);
    using cli = await open();
    const sessions = await eventually('coturn to list them', async () => {
      const listed = await cli.sessionsOf('3q2-7wABCd_f');
      return listed.length === 2 && listed;
    });
    for (const session of sessions) await cli.cancel(session);
    await eventually('them to be gone', async () => (await cli.sessionsOf('3q2-7wABCd_f')).length === 0);
    expect(await cli.sessionsOf('x3q2-7wABCd_f')).toHaveLength(1);
  });

  test('refuses another password, and existing sessions continue', async () => {
    const wrong = openCoturnCli({ host, port: cliPort, timeoutMs: 2_000 }, 'another-password-1');
    await expect(wrong).rejects.toMatchObject({ name: 'CoturnCliError', fault: 'password_refused' });
    await allocateAndRelease(server(), credentialOf('3q2-7wABCd_f'), options);
  });
});

describe('a server that is not coturn', () => {
  const greeting = 'TURN Server\r\nEnter password: \r\n';
  const sockets = new Set<Socket>();
  let server: Server;
  let answers: string[];
  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      const toCome = [...answers];
      const say = () => {
        const answer = toCome.shift();
        if (answer === 'close') socket.end();
        else if (answer !== undefined) socket.write(answer);
      };
      say();
      socket.on('data', say);
    }).listen(0, host);
    await once(server, 'listening');
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  async function ask(): Promise<unknown> {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    using cli = await openCoturnCli({ host, port, timeoutMs: 300 }, password);
    return await cli.sessionsOf('3q2-7wABCd_f');
  }

  test.each([
    ['sends nothing', [], 'timeout', 'no response within 300 ms'],
    ['does not answer the password', [greeting], 'timeout', 'no response within 300 ms'],
    ['sends no end of the sessions', [greeting, '> ', 'x\r\n> '], 'timeout', 'no response within 300 ms'],
    ['closes', ['close'], 'closed', 'coturn closed the connection'],
    ['closes after the password', [greeting, 'close'], 'closed', 'coturn closed the connection'],
    ['requests the password again', [greeting, greeting], 'password_refused', 'coturn refuses TURN_CLI_PASSWORD'],
    [
      'never ends',
      [greeting, '> ', 'x'.repeat(1_048_577)],
      'unexpected_answer',
      'the response is longer than 1048576 bytes',
    ],
  ])('%s', async (_, said, fault, message) => {
    answers = said;
    await expect(ask()).rejects.toMatchObject({ name: 'CoturnCliError', fault, message });
  });

  test('fails if nothing listens', async () => {
    const refused = openCoturnCli({ host, port: await freePort(), timeoutMs: 300 }, password);
    await expect(refused).rejects.toMatchObject({
      fault: 'unreachable',
      message: 'cannot connect (ECONNREFUSED)',
    });
  });

  test('returns no sessions', async () => {
    answers = [greeting, '> ', '\r\n  Total sessions: 0\r\n\r\n> '];
    expect(await ask()).toEqual([]);
  });
});
