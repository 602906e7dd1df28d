import { describe, expect, test } from '@jest/globals';
import { createTicker } from './ticker.ts';
import { runUntil } from './run-until.ts';
import { createScript } from './script.ts';

describe('runUntil', () => {
  test('runs all events before the end in order of time; at equal times, the first source comes first', () => {
    const seen: string[] = [];
    runUntil(9, [
      createScript([
        { atSecond: 6, act: () => seen.push('late') },
        { atSecond: 3, act: () => seen.push('early') },
        { atSecond: 9, act: () => seen.push('too late') },
      ]),
      createTicker(3, (atSecond) => seen.push(`three ${atSecond}`)),
      createTicker(4, (atSecond) => seen.push(`four ${atSecond}`)),
    ]);
    expect(seen).toEqual(['three 0', 'four 0', 'early', 'three 3', 'four 4', 'late', 'three 6', 'four 8']);
  });
});
