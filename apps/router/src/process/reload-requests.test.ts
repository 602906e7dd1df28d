import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createReloadRequests } from './reload-requests.ts';

/** A reload that ends when the test says so. */
function heldReload() {
  const started: (() => void)[] = [];
  return { started, reload: () => new Promise<void>((resolve) => void started.push(resolve)) };
}

test('a request before the router can reload waits', async () => {
  const { started, reload } = heldReload();
  const requests = createReloadRequests();
  requests.request();
  requests.request();
  using _reloading = requests.onReload(reload);
  expect(started).toHaveLength(1);
  started[0]?.();
  await turn();
  expect(started).toHaveLength(1);
});

test('many requests during a reload cause one more reload', async () => {
  const { started, reload } = heldReload();
  const requests = createReloadRequests();
  using _reloading = requests.onReload(reload);
  for (let i = 0; i < 100; i++) requests.request();
  expect(started).toHaveLength(1);
  started[0]?.();
  await turn();
  expect(started).toHaveLength(2);
  started[1]?.();
  await turn();
  expect(started).toHaveLength(2);
  requests.request();
  expect(started).toHaveLength(3);
});

test('a request after disposal has no effect', () => {
  const { started, reload } = heldReload();
  const requests = createReloadRequests();
  requests.onReload(reload)[Symbol.dispose]();
  requests.request();
  expect(started).toEqual([]);
});
