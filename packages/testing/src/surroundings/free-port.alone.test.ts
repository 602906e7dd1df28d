import { expect, test } from '@jest/globals';
import { freePort, keepForLater } from './free-port.ts';

test('a port that is kept for later is not drawn, though it is free', async () => {
  const inRange = Array.from({ length: 1_500 }, (_, n) => 7_000 + 2 * n);
  const free = await freePort();
  keepForLater(...inRange.filter((port) => port !== free));
  await expect(freePort()).rejects.toThrow('no port from 7000 to 9999 is free');
});
