import { describe, expect, test } from '@jest/globals';
import { greatCircleKm } from './great-circle.ts';

describe('greatCircleKm', () => {
  test.each([
    ['Frankfurt to Singapore', [50.11, 8.68], [1.35, 103.82], 10_270],
    ['Tokyo to Virginia', [35.68, 139.69], [38.95, -77.45], 10_890],
    ['over the date line', [0, 179.5], [0, -179.5], 111],
    ['pole to pole', [90, 0], [-90, 123], 20_015],
    ['the same point', [12, 34], [12, 34], 0],
  ] as const)('%s', (_, [fromLatitude, fromLongitude], [toLatitude, toLongitude], expectedKm) => {
    const distanceKm = greatCircleKm(
      { latitude: fromLatitude, longitude: fromLongitude },
      { latitude: toLatitude, longitude: toLongitude },
    );
    expect(Math.abs(distanceKm - expectedKm)).toBeLessThanOrEqual(expectedKm * 0.005 + 0.5);
  });
});
