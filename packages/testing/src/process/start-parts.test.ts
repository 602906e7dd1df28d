import { expect, test } from '@jest/globals';
import { startParts } from './start-parts.ts';

function partsNamed(ended: string[]) {
  return (name: string) => ({
    name,
    async [Symbol.asyncDispose]() {
      ended.push(name);
    },
  });
}

test('parts are ended in the reverse order of their start', async () => {
  const ended: string[] = [];
  const part = partsNamed(ended);
  {
    await using whole = await startParts(async (add) => ({ first: add(part('first')), last: add(part('last')) }));
    expect(whole.first.name).toBe('first');
    expect(ended).toEqual([]);
  }
  expect(ended).toEqual(['last', 'first']);
});

test('when one fails, those before it are ended, and its error is told', async () => {
  const ended: string[] = [];
  const part = partsNamed(ended);
  const starting = startParts(async (add) => {
    add(part('first'));
    add(part('second'));
    throw new Error('the third would not start');
  });
  await expect(starting).rejects.toThrow('the third would not start');
  expect(ended).toEqual(['second', 'first']);
});
