import { expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createStandInLedger } from './stand-in-ledger.ts';

const report = { bucket: 'x', limit: 100, calls: [{ ageSlots: 0, calls: 7 }], wish: 0 };
const reports = [report];

test('counts a router for a second after its last report', async () => {
  const clock = createManualClock();
  const ledger = createStandInLedger('one', clock.now);
  expect(ledger.standing()).toEqual({ id: 'one', routers: 0 });
  expect(await ledger.exchange({ replicaId: 'a', reports, busy: [] })).toMatchObject({ routers: 1 });
  clock.advance(1_000);
  expect(await ledger.exchange({ replicaId: 'b', reports: [], busy: [] })).toMatchObject({ routers: 2 });
  clock.advance(1);
  expect(ledger.standing()).toEqual({ id: 'one', routers: 1 });
});

test('keeps its data for a minute, and changes its epoch after dropping it', async () => {
  const clock = createManualClock();
  const ledger = createStandInLedger('one', clock.now);
  const ask = () => ledger.exchange({ replicaId: 'b', reports: [{ ...report, calls: [] }], busy: [] });
  await ledger.exchange({ replicaId: 'a', reports, busy: [] });
  clock.advance(60_000);
  ledger.forgetOld();
  const before = await ask();
  expect(before.settlements).toMatchObject([{ othersCalls: 7 }]);
  clock.advance(61_001);
  ledger.forgetOld();
  const after = await ask();
  expect(after.settlements).toMatchObject([{ othersCalls: 0 }]);
  expect(after.epoch).not.toBe(before.epoch);
});

test('two routers have different epochs', async () => {
  const clock = createManualClock();
  const epochs = ['one', 'two'].map(async (id) => {
    const { epoch } = await createStandInLedger(id, clock.now).exchange({ replicaId: 'a', reports: [], busy: [] });
    return epoch;
  });
  expect(new Set(await Promise.all(epochs)).size).toBe(2);
});
