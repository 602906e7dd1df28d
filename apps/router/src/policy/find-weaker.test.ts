import { describe, expect, test } from '@jest/globals';
import type { Policy } from '@turn-router/contract/policy';
import { parsePolicy } from '@turn-router/settings';
import { seededRandom } from '@turn-router/testing';
import { findWeaker } from './find-weaker.ts';

const protectedText = `defaultRegion: a
regions:
  a: {location: [1, 1]}
  b: {location: [2, 2]}
residency:
  - countries: [DE, AT]
    regions: [a]
    stayIn: [a]
credentials: {maxTtlSeconds: 3600}
limits:
  perAddressPerMinute: 600
  perUserPerMinute: 30
`;

function policyOf(more: object) {
  const regions = { a: { location: [1, 1] }, b: { location: [2, 2] }, c: { location: [3, 3] } };
  const parsed = parsePolicy(JSON.stringify({ defaultRegion: 'c', regions, ...more }));
  if (!parsed.ok) throw new Error(`invalid policy: ${JSON.stringify(parsed.faults)}`);
  return parsed.policy;
}

const residency = (...rules: object[]) => ({ residency: rules });
const de = { countries: ['DE'], stayIn: ['a', 'b'] };

describe('a policy is weaker', () => {
  test.each<[string, object, object, string[]]>([
    ['if it no longer has a rule', residency(de), {}, ['Missing rule: expected callers of country DE to stay in a, b']],
    [
      'if a rule has lost a country',
      residency({ ...de, countries: ['DE', 'AT'] }),
      residency(de),
      ['Missing rule: expected callers of country AT to stay in a, b'],
    ],
    [
      'if a rule has lost a region of callers',
      residency({ ...de, regions: ['a'] }),
      residency(de),
      ['Missing rule: expected callers of region a to stay in a, b'],
    ],
    [
      'if the stricter of two rules is gone',
      residency(de, { ...de, stayIn: ['a'] }),
      residency(de),
      ['Missing rule: expected callers of country DE to stay in a'],
    ],
    [
      'if the entry is gone that places callers in the region of a rule',
      {
        ...residency({ regions: ['a'], stayIn: ['a'] }),
        placement: { prefixes: { '192.0.2.0/24': 'a', '198.51.100.0/24': 'b' } },
      },
      residency({ regions: ['a'], stayIn: ['a'] }),
      ['Missing entry: expected 192.0.2.0/24, because a residency rule names the region of these callers'],
    ],
    [
      'if countries and continents of the region of a rule are gone',
      {
        ...residency({ regions: ['a'], stayIn: ['a'] }),
        placement: { countries: { DE: 'a', AT: 'a' }, continents: { EU: 'a' } },
      },
      { ...residency({ regions: ['a'], stayIn: ['a'] }), placement: { countries: { AT: 'b' } } },
      [
        'Missing entry: expected DE, because a residency rule names the region of these callers',
        'Missing entry: expected EU, because a residency rule names the region of these callers',
      ],
    ],
    [
      'if a limit is gone',
      { limits: { perUserPerMinute: 30, perKeyPerMinute: 9 } },
      { limits: { perKeyPerMinute: 900 } },
      ['Missing limit: expected a limit, such as 30'],
    ],
    [
      'if a limit is 0',
      { limits: { perAddressPerMinute: 30 } },
      { limits: { perAddressPerMinute: 0 } },
      ['Missing limit: expected a limit, such as 30'],
    ],
    [
      'if the maximum capacity is gone',
      { capacity: { maxMbps: 2000 } },
      { capacity: { bandwidthMbps: 2000 } },
      ['Missing maximum: expected a maximum, such as 2000'],
    ],
    [
      'if the bounds of the TTL are gone',
      { credentials: { maxTtlSeconds: 3600, anonymousMaxTtlSeconds: 60 } },
      {},
      ['Missing bound: expected at most 86399, such as 3600', 'Missing bound: expected at most 599, such as 60'],
    ],
  ])('%s', (_, before, after, details) => {
    expect(findWeaker(policyOf(before), policyOf(after)).map(({ detail }) => detail)).toEqual(details);
  });
});

const without = (name: string, policy: Policy): Policy => {
  const { [name]: _, ...regions } = policy.regions;
  return { ...policy, regions };
};

describe('a policy is weaker if a region is gone', () => {
  const missing = { field: 'regions', detail: 'Missing region: expected a, because a residency rule names it' };

  test.each<[string, object, object]>([
    ['whose callers a rule covers', residency({ regions: ['a'], stayIn: ['b'] }), {}],
    [
      'into which an entry of placement led',
      { ...residency({ regions: ['a'], stayIn: ['a'] }), placement: { prefixes: { '127.0.0.0/8': 'a' } } },
      {},
    ],
    ['in which callers of a rule stay', residency(de), residency({ ...de, stayIn: ['b'] })],
  ])('%s', (_, before, after) => {
    expect(findWeaker(policyOf(before), without('a', policyOf(after)))).toContainEqual(missing);
  });
});

describe('a policy is not weaker', () => {
  test.each<[string, object, object]>([
    [
      'if it is the same',
      { ...residency(de), limits: { perUserPerMinute: 1 } },
      { ...residency(de), limits: { perUserPerMinute: 1 } },
    ],
    ['if a limit is higher', { limits: { perUserPerMinute: 1 } }, { limits: { perUserPerMinute: 1000 } }],
    ['if a rule allows one more region', residency(de), residency({ ...de, stayIn: ['a', 'b', 'c'] })],
    ['if a rule allows fewer regions', residency(de), residency({ ...de, stayIn: ['b'] })],
    [
      'if two rules become one with their common regions',
      residency(de, { ...de, stayIn: ['b', 'c'] }),
      residency({ ...de, stayIn: ['b'] }),
    ],
    ['if one of two equal rules is gone', residency(de, de), residency(de)],
    [
      'if an entry is gone that places callers in a region without a rule',
      { ...residency({ regions: ['a'], stayIn: ['a'] }), placement: { countries: { DE: 'b' } } },
      residency({ regions: ['a'], stayIn: ['a'] }),
    ],
    [
      'if one rule becomes two',
      residency({ ...de, countries: ['DE', 'AT'] }),
      residency(de, { ...de, countries: ['AT'] }),
    ],
    [
      'if a bound of the TTL is higher, but still below the default',
      { credentials: { maxTtlSeconds: 3600 } },
      { credentials: { maxTtlSeconds: 7200 } },
    ],
  ])('%s', (_, before, after) => {
    expect(findWeaker(policyOf(before), policyOf(after))).toEqual([]);
  });

  test('if a region without a rule is gone from the policy', () => {
    const before = policyOf({ ...residency({ regions: ['a'], stayIn: ['a'] }), placement: { countries: { FR: 'b' } } });
    const after = policyOf(residency({ regions: ['a'], stayIn: ['a'] }));
    const { b: _, ...regions } = after.regions;
    expect(findWeaker(before, { ...after, regions })).toEqual([]);
  });
});

/** The order of the example file. Each cut before `placement` drops the rule and its region together. */
const ruleAtTheEnd = `defaultRegion: us-east-1
regions:
  us-east-1:
    location: [38.95, -77.45]
  eu-central-1:
    location: [50.11, 8.68]
placement:
  prefixes:
    127.0.0.0/8: eu-central-1
residency:
  - regions: [eu-central-1]
    stayIn: [eu-central-1]
`;

describe('no damage of a policy drops its protection', () => {
  const sound = parsePolicy(protectedText);
  /** What a router does with a text. A limit of 0 means no limit. */
  const verdictOn = (text: string) => {
    const parsed = parsePolicy(text);
    if (!sound.ok || !parsed.ok) return 'refused as invalid';
    if (findWeaker(sound.policy, parsed.policy).length > 0) return 'refused as weaker';
    const { limits, residency: rules } = parsed.policy;
    return limits.perAddressPerMinute > 0 && limits.perUserPerMinute > 0 && rules.length > 0 ? 'kept' : 'lost';
  };

  test('if it is cut anywhere', () => {
    const verdicts = Array.from({ length: protectedText.length }, (_, length) =>
      verdictOn(protectedText.slice(0, length)),
    );
    expect(new Set(verdicts)).toEqual(new Set(['refused as invalid', 'refused as weaker', 'kept']));
  });

  test('if it is cut anywhere, and the only rule names a region', () => {
    const whole = parsePolicy(ruleAtTheEnd);
    const verdicts = Array.from({ length: ruleAtTheEnd.length }, (_, length) => {
      const parsed = parsePolicy(ruleAtTheEnd.slice(0, length));
      if (!whole.ok || !parsed.ok) return 'refused as invalid';
      if (findWeaker(whole.policy, parsed.policy).length > 0) return 'refused as weaker';
      return parsed.policy.residency.length > 0 ? 'kept' : 'lost';
    });
    expect(new Set(verdicts)).toEqual(new Set(['refused as invalid', 'refused as weaker', 'kept']));
  });

  test('if a part of it is missing in the middle', () => {
    const random = seededRandom(13);
    const verdicts = Array.from({ length: 2_000 }, () => {
      const [from = 0, to = 0] = [random(), random()]
        .map((share) => share * protectedText.length)
        .toSorted((x, y) => x - y);
      return verdictOn(protectedText.slice(0, from) + protectedText.slice(to));
    });
    expect(verdicts).not.toContain('lost');
  });
});
