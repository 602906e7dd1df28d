import { describe, expect, test } from '@jest/globals';
import { createKnownNames } from './known-names.ts';

const fleet = Array.from({ length: 40 }, (_, index) => `node-${index}.test`);

describe('the names of a fleet', () => {
  test('are known after some rounds, 16 in a round, and the targets in every round', async () => {
    const asked: string[] = [];
    const names = createKnownNames((name) => {
      asked.push(name);
      return Promise.resolve(['192.0.2.1']);
    });
    const known = [];
    for (let round = 0; round < 4; round += 1) {
      await names.refresh(['node-39.test'], fleet);
      known.push(names.addressesOf.size);
    }
    expect(known).toEqual([17, 33, 40, 40]);
    expect(asked.filter((name) => name === 'node-39.test')).toHaveLength(4);
  });

  test('are forgotten when they are gone, or have no address', async () => {
    let isDown = false;
    const names = createKnownNames(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(['192.0.2.1'])));
    await names.refresh([], ['one.test', 'two.test', 'three.test']);
    await names.refresh(['one.test'], ['one.test', 'two.test']);
    expect([...names.addressesOf.keys()]).toEqual(['one.test', 'two.test']);
    isDown = true;
    await names.refresh(['one.test'], ['one.test']);
    expect(names.addressesOf.size).toBe(0);
    await names.refresh([], []);
  });
});
