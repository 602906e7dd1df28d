import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '../registry-error.ts';
import { createOutageWatch } from './outage-watch.ts';

function startWatch() {
  const said: string[] = [];
  const watch = createOutageWatch({ onLost: ({ code }) => said.push(code), onFound: () => said.push('found') });
  function fail(error: Error = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED')) {
    return watch.attempt(async () => {
      throw error;
    });
  }
  return { said, watch, fail, succeed: () => watch.attempt(async () => 'answer') };
}

describe('the outage watch', () => {
  test('reports each outage once when it begins and once when it ends', async () => {
    const { said, watch, fail, succeed } = startWatch();
    expect(await succeed()).toBe('answer');
    expect(said).toEqual([]);
    expect(await fail()).toBeUndefined();
    expect(await fail(new RegistryError('refused', 'Redis refused the command: READONLY'))).toBeUndefined();
    expect([said, watch.isLost()]).toEqual([['unavailable'], true]);
    await succeed();
    await succeed();
    expect([said, watch.isLost()]).toEqual([['unavailable', 'found'], false]);
  });

  test('reports a registry that was never reachable, too', async () => {
    const { said, fail } = startWatch();
    await fail();
    expect(said).toEqual(['unavailable']);
  });

  test('rethrows unexpected errors', async () => {
    const { said, fail } = startWatch();
    await expect(fail(new TypeError('a fault of ours'))).rejects.toEqual(new TypeError('a fault of ours'));
    expect(said).toEqual([]);
  });
});
