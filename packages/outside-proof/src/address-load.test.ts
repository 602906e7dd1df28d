import { describe, expect, test } from '@jest/globals';
import { countNodesAt, type PublishedNode } from './address-load.ts';

const victim = '203.0.113.9';
const named = (...addresses: string[]): PublishedNode => ({ addresses });
const host = (hostname: string, ...addresses: string[]): PublishedNode => ({ hostname, addresses });

describe('the number of nodes at an address', () => {
  const hosts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => host(name));

  test.each<[string, PublishedNode[], Record<string, string[]>, number]>([
    ['that nobody names', [], {}, 1],
    ['that two records name', [named(victim), named(victim), named('192.0.2.2')], {}, 2],
    ['that one record names twice', [named(victim, `::ffff:${victim}`)], {}, 1],
    ['of a host name', [host('a'), named(victim)], { a: [victim] }, 2],
    [
      'of a host name in other spellings',
      [host('TURN.example.org.'), host('turn.example.org')],
      { 'Turn.Example.org': [victim] },
      2,
    ],
    ['of a host name, beside the record’s address', [host('a', victim), host('b', '192.0.2.2')], { a: [victim] }, 1],
    [
      'of a fleet whose records name host names and addresses',
      hosts.map((node, index) => ({ ...node, addresses: [index === 0 ? victim : `192.0.2.${index}`] })),
      { a: [victim] },
      1,
    ],
    ['of one of two resolved names among six', hosts, { a: [victim], b: ['192.0.2.2'] }, 1 + 2],
    ['of one of six resolved names', hosts, { a: [victim], b: [], c: [], d: [], e: [], f: [] }, 1],
    ['of all resolved names among six', hosts, { a: [victim], b: [victim] }, 2 + 4],
  ])('%s', (_, nodes, resolved, expected) => {
    expect(countNodesAt(nodes, new Map(Object.entries(resolved)))(victim)).toBe(expected);
  });

  test('of IPv6 ignores the spelling', () => {
    expect(countNodesAt([named('2001:DB8:0:0::1'), named('2001:db8::0001')], new Map())('2001:db8::1')).toBe(2);
  });
});
