import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { queryForNodes } from './query-for-nodes.ts';

const ask = (query: string, addresses: readonly string[], durationMinutes = 5) =>
  queryForNodes({ prometheus: { query }, durationMinutes }, addresses);
const addresses = ['10.0.0.1', 'turn-2.internal', '2001:db8::7'];

describe('a query for nodes', () => {
  test('inserts the addresses for each %s, and averages one value per minute', () => {
    expect(ask('rate(a{instance=~"(%s):9100"}[5m]) + b{host=~"%s"}', addresses)).toBe(
      'avg_over_time((\nrate(a{instance=~"(10[.]0[.]0[.]1|turn-2[.]internal|2001:db8::7):9100"}[5m])' +
        ' + b{host=~"10[.]0[.]0[.]1|turn-2[.]internal|2001:db8::7"}\n)[300000ms:60000ms])',
    );
  });

  test.each([
    [1440, '86400000ms:60000ms'],
    [2, '120000ms:24000ms'],
    [0.01, '600ms:120ms'],
  ])('over %d minutes', (durationMinutes, range) => {
    expect(ask('up', [], durationMinutes)).toBe(`avg_over_time((\nup\n)[${range}])`);
  });

  test('replaces %% by %, and keeps a single %', () => {
    expect(ask('a %% 2 + b % 3 + c{x="%%s"}', ['10.0.0.1'])).toContain('\na % 2 + b % 3 + c{x="%s"}\n');
  });

  test('makes a pattern that matches these addresses and no other', () => {
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((text) => !text.includes('%')),
      fc.stringMatching(/^[a-z0-9]+([.-][a-z0-9]+){0,3}$/),
    );
    fc.assert(
      fc.property(fc.uniqueArray(address, { minLength: 1, maxLength: 5 }), address, (named, other) => {
        const [, pattern = ''] = ask('%s', named).split('\n');
        // Prometheus matches from the beginning to the end.
        const matcher = new RegExp(`^(?:${pattern})$`);
        expect(named.every((text) => matcher.test(text))).toBe(true);
        expect(matcher.test(other)).toBe(named.includes(other));
        expect(pattern).not.toMatch(/["'`\\]/);
      }),
    );
  });
});
