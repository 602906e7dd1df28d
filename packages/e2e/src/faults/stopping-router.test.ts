import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { boundMs, eventually } from '@turn-router/testing';
import { startStage } from './stage.ts';

/** Begins a call and sends only a part of its body. */
async function beginCall(url: string): Promise<{ finish: () => void; answered: Promise<string> }> {
  const socket: Socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  await once(socket, 'connect');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  const answered = once(socket, 'close').then(() => received);
  socket.write(
    'POST /v1/ice-servers HTTP/1.1\r\nHost: router\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{"maxNodes"',
  );
  return { finish: () => void socket.write(':1}'), answered };
}

test('after SIGTERM under load, every call in progress is answered, and the process ends within 10 s', async () => {
  await using stage = await startStage({ ratePerSecond: 100 });
  const { router, load } = stage;
  const slow = await Promise.all(Array.from({ length: 16 }, () => beginCall(router.url)));
  await eventually('load', () => load.answers().length > 100);
  const stoppedAtMs = performance.now();
  router.signal('SIGTERM');
  await eventually('the router to log that it is stopping', async () => (await router.logged('stopping')).length > 0);
  await delay(500);
  for (const call of slow) call.finish();
  for (const call of slow) expect(await call.answered).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(await router.exited).toBe(0);
  expect(performance.now() - stoppedAtMs).toBeLessThan(boundMs(10_000));
  await load.stop();

  // Calls after the end find the port closed (status 0). None of them gets an error status.
  expect(load.window(0, stoppedAtMs)).toMatchObject({ failures: 0 });
  expect(stage.failures().filter(({ status }) => status !== 0)).toEqual([]);
});
