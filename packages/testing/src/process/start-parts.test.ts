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

test('startParts disposes of the parts in the reverse order of their start', async () => {
  const ended: string[] = [];
  const part = partsNamed(ended);
  {
    await using whole = await startParts(async (add) => ({ first: add(part('first')), last: add(part('last')) }));
    expect(whole.first.name).toBe('first');
    expect(ended).toEqual([]);
  }
  expect(ended).toEqual(['last', 'first']);
});

test('startParts disposes of the started parts and rejects with the error when a later part fails', async () => {
  const ended: string[] = [];
  const part = partsNamed(ended);
  const starting = startParts(async (add) => {
    add(part('first'));
    add(part('second'));
    throw new Error('the third part failed to start');
  });
  await expect(starting).rejects.toThrow('the third part failed to start');
  expect(ended).toEqual(['second', 'first']);
});
