import { describe, expect, test } from '@jest/globals';
import { createRecordCache } from './record-cache.ts';

describe('a record cache', () => {
  test('keeps entries that are read and drops the others', () => {
    const cache = createRecordCache(2);
    for (const key of [1, 2, 3]) cache.set(key, `record ${key}`);
    expect(cache.get(1)).toBe('record 1');
    for (const key of [4, 5]) cache.set(key, `record ${key}`);
    expect(cache.get(2)).toBeUndefined();
    expect(cache.get(1)).toBe('record 1');
  });
});
