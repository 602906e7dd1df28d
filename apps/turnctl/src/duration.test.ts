import { expect, test } from '@jest/globals';
import { parseExpiry, parseSince } from './duration.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');

test.each([
  ['30m', '2026-11-21T11:30:00.000Z'],
  ['12h', '2026-11-21T00:00:00.000Z'],
  ['7d', '2026-11-14T12:00:00.000Z'],
  ['999999d', '1970-01-01T00:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T08:00:00Z', '2026-11-20T08:00:00.000Z'],
  ['2026-11-20T08:00:00.5+01:00', '2026-11-20T07:00:00.500Z'],
])('parseSince reads %s', (text, moment) => {
  expect(new Date(parseSince(text, nowMs)).toISOString()).toBe(moment);
});

test.each(['', 'd', '7', '7w', '-7d', '7 d', 'yesterday', '2026-11-31', '2026-11-20T08:00:00'])(
  'parseSince rejects %j',
  (text) => {
    expect(() => parseSince(text, nowMs)).toThrow(
      'Expected a duration or a time, such as 30m, 12h, 7d, 2026-11-21 or 2026-11-21T08:00:00Z.',
    );
  },
);

test.each([
  ['90d', '2027-02-19T12:00:00.000Z'],
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['2026-11-21T13:00:01+01:00', '2026-11-21T12:00:01.000Z'],
])('parseExpiry reads %s', (text, moment) => {
  expect(new Date(parseExpiry(text, nowMs)).toISOString()).toBe(moment);
});

test.each(['', '0d', 'tomorrow', '2026-11-21', '2026-11-21T12:00:00Z', '2026-11-20T08:00:00Z'])(
  'parseExpiry rejects %j',
  (text) => {
    expect(() => parseExpiry(text, nowMs)).toThrow('Expected a duration or a time in the future, such as 12h, 90d,');
  },
);
