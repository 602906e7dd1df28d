import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  test('gives the first answer that is one', async () => {
    const answers = [undefined, null, false, 0] as const;
    let asked = 0;
    expect(await eventually<number>('a number', () => answers[asked++], { everyMs: 1 })).toBe(0);
    expect(asked).toBe(4);
  });

  test('names what it waited for, and why in vain', async () => {
    const cause = new Error('not yet');
    const waiting = eventually('Godot', () => Promise.reject(cause), { timeoutMs: 5, everyMs: 1 });
    await expect(waiting).rejects.toEqual(new Error('waited 5 ms in vain for Godot', { cause }));
  });
});
