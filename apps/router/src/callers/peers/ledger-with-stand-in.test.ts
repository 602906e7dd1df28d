import { expect, test } from '@jest/globals';
import { RegistryError, type LimitLedger } from '@turn-router/registry';
import { createLedgerWithStandIn } from './ledger-with-stand-in.ts';

/** A ledger that answers, or fails as it is told to; `asked` are the reports that came. */
function scripted(epoch: string) {
  const state: { failure: Error | undefined; asked: number[] } = { failure: undefined, asked: [] };
  const ledger: LimitLedger = {
    exchangeLimits: (_replicaId, reports) => {
      state.asked.push(reports.length);
      return state.failure === undefined
        ? Promise.resolve({ settlements: [], busy: [], epoch })
        : Promise.reject(state.failure);
    },
  };
  return { state, ledger };
}

const report = { bucket: 'x', limit: 100, calls: [], wish: 0 };
const silent = new RegistryError('unavailable', 'Redis is silent', { fault: 'timeout' });

function pair() {
  const [main, standIn] = [scripted('main'), scripted('stand-in')];
  const ledger = createLedgerWithStandIn(main.ledger, standIn.ledger);
  return { main: main.state, standIn: standIn.state, ask: () => ledger.exchangeLimits('a', [report], []) };
}

test('asks the main ledger while it answers', async () => {
  const { standIn, ask } = pair();
  expect(await ask()).toMatchObject({ epoch: 'main' });
  expect(standIn.asked).toEqual([]);
});

test('asks the stand-in while the main ledger fails, and tries the main ledger with an empty exchange', async () => {
  const { main, standIn, ask } = pair();
  main.failure = silent;
  for (let times = 0; times < 3; times += 1) {
    expect(await ask()).toMatchObject({ epoch: 'stand-in' });
    await Promise.resolve();
  }
  expect(standIn.asked).toEqual([1, 1, 1]);
  expect(main.asked).toEqual([1, 0, 0]);
  main.failure = undefined;
  expect(await ask()).toMatchObject({ epoch: 'stand-in' });
  await Promise.resolve();
  expect(await ask()).toMatchObject({ epoch: 'main' });
});

test('fails with the error of the main ledger when both fail', async () => {
  const { main, standIn, ask } = pair();
  main.failure = silent;
  standIn.failure = new RegistryError('unavailable', 'nobody answers');
  await expect(ask()).rejects.toMatchObject({
    code: 'unavailable',
    fault: 'timeout',
    message: 'Redis is silent; nobody answers',
  });
});

test('rethrows other errors than those of a ledger', async () => {
  const { main, standIn, ask } = pair();
  main.failure = new TypeError('a defect');
  await expect(ask()).rejects.toThrow('a defect');
  expect(standIn.asked).toEqual([]);
});
