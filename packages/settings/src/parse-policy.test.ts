import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePolicy } from './parse-policy.ts';

const short = `
defaultRegion: us-east-1
regions:
  us-east-1:      {location: [38.95, -77.45],  spillover: [us-west-2, {region: eu-central-1, maxShare: 0.2}]}
  us-west-2:      {location: [45.84, -119.70], spillover: [us-east-1]}
  eu-central-1:   {location: [50.11, 8.68]}
`;

/** Parses a policy with one region. Its static nodes are on line 5. */
function parseWithStaticNodes(nodes: string) {
  return parsePolicy(`defaultRegion: us-east-1
regions:
  us-east-1:
    location: [38.95, -77.45]
    staticNodes: ${nodes}
`);
}

describe('parsePolicy', () => {
  test('fills every default into a short policy', () => {
    expect(parsePolicy(short)).toEqual({
      ok: true,
      policy: {
        defaultRegion: 'us-east-1',
        regions: {
          'us-east-1': {
            location: [38.95, -77.45],
            spillover: [
              { region: 'us-west-2', maxShare: 1 },
              { region: 'eu-central-1', maxShare: 0.2 },
            ],
            enabled: true,
            staticNodes: [],
          },
          'us-west-2': {
            location: [45.84, -119.7],
            spillover: [{ region: 'us-east-1', maxShare: 1 }],
            enabled: true,
            staticNodes: [],
          },
          'eu-central-1': { location: [50.11, 8.68], spillover: [], enabled: true, staticNodes: [] },
        },
        placement: { prefixes: {}, subdivisions: {}, countries: {}, continents: {} },
        load: { cpu: 0.3, bandwidth: 0.7, allocations: 0 },
        calls: { meanSeconds: 90, bandwidthMbps: 2 },
        spillover: { start: 0.75, full: 0.95 },
        overload: 'serve',
        residency: [],
        trust: { vanishWindowSeconds: 15, suspiciousShare: 0.15, keepSeconds: 300 },
        capacity: { bandwidthMbps: 1000, unprovenTimesMedian: 1 },
        nodes: { allowAddresses: [], allowPorts: [] },
        credentials: { ttlSeconds: 3600, minTtlSeconds: 60, maxTtlSeconds: 86_400, anonymousMaxTtlSeconds: 600 },
        limits: { perAddressPerMinute: 0, anonymousPerAddressPerMinute: 0, perUserPerMinute: 0, perKeyPerMinute: 0 },
      },
    });
  });

  test('accepts static nodes, and rejects static nodes without an address or with a repeated id', () => {
    expect(parseWithStaticNodes('[{id: last-1, publicIp: 192.0.2.9}]')).toMatchObject({
      policy: { regions: { 'us-east-1': { staticNodes: [{ id: 'last-1', publicIp: '192.0.2.9', port: 3478 }] } } },
    });
    const faultsOf = (nodes: string) => {
      const parsed = parseWithStaticNodes(nodes);
      return parsed.ok ? [] : parsed.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`);
    };
    expect(faultsOf('[{id: last-1}, {id: last-2, publicIp: here, colour: red}]')).toEqual([
      '5: regions.us-east-1.staticNodes[0].publicIp: Missing address: expected at least one of publicIp, publicIpv6 and hostname',
      '5: regions.us-east-1.staticNodes[1].publicIp: Invalid IPv4 address',
      '5: regions.us-east-1.staticNodes[1].colour: Unknown field',
    ]);
    expect(faultsOf('[{id: a, publicIp: 192.0.2.9}, {id: a, publicIp: 192.0.2.8}]')).toEqual([
      '5: regions.us-east-1.staticNodes[1].id: Repeated id "a": expected each node of a region once',
    ]);
  });

  test('accepts residency rules by country and by region', () => {
    const parsed = parsePolicy(`${short}
residency:
  - {countries: [DE], stayIn: [eu-central-1]}
  - {regions: [us-east-1], stayIn: [us-east-1, us-west-2]}
`);
    expect(parsed).toMatchObject({
      ok: true,
      policy: {
        residency: [
          { countries: ['DE'], regions: [], stayIn: ['eu-central-1'] },
          { countries: [], regions: ['us-east-1'], stayIn: ['us-east-1', 'us-west-2'] },
        ],
      },
    });
  });

  test('rejects residency rules that cover no caller or leave no enabled region', () => {
    const parsed = parsePolicy(`defaultRegion: us-east-1
overload: shed
regions:
  us-east-1: {location: [38.95, -77.45]}
  us-west-2: {location: [45.84, -119.70], enabled: false}
residency:
  - {stayIn: [us-east-1]}
  - {countries: [Germany], stayIn: []}
  - {countries: [DE], stayIn: [us-west-2]}
  - {regions: [mars], stayIn: [us-east-1]}
calls: {meanSeconds: 0, bandwidthMbps: 0}
load: {cpu: 0, bandwidth: 0}
`);
    expect(parsed.ok ? [] : parsed.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`)).toEqual([
      '2: overload: Invalid option: expected one of "serve"|"refuse"',
      '8: residency[1].countries[0]: Invalid country: expected ISO 3166-1 alpha-2, such as JP',
      '8: residency[1].stayIn: Too small: expected array to have >=1 items',
      '11: calls.meanSeconds: Too small: expected number to be >=1',
      '11: calls.bandwidthMbps: Too small: expected number to be >0',
    ]);
    const rules = parsePolicy(`defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -77.45]}
  us-west-2: {location: [45.84, -119.70], enabled: false}
residency:
  - {stayIn: [us-east-1]}
  - {countries: [DE], stayIn: [us-west-2]}
  - {regions: [mars], stayIn: [us-east-1]}
load: {cpu: 0, bandwidth: 0}
`);
    expect(rules.ok ? [] : rules.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`)).toEqual([
      '6: residency[0]: The field callers is empty: expected countries, regions or both',
      '7: residency[1].stayIn: All of these regions are disabled: expected at least one enabled region',
      '8: residency[2].regions[0]: Unknown region "mars": expected one of us-east-1, us-west-2',
      '9: load: Weights are all 0: expected at least one above 0',
    ]);
  });

  test('reports all faulty fields at once, sorted by line', () => {
    const text = `defaultRegion: us-east-1
regions:
  us-east-1: {location: [38.95, -181], spillover: [eu-central-1]}
  eu-central-1:
    location: [50.11]
    spill: [us-east-1]
spillover:
  start: 0.8
  full: 0.9
placement:
  prefixes: {10.0.0.0/8: us-east-1, fish: us-east-1}
  countries:
    Japan: us-east-1
colour: red
`;
    const parsed = parsePolicy(text);
    expect(parsed.ok ? [] : parsed.faults.map(({ line, field, detail }) => `${line}: ${field}: ${detail}`)).toEqual([
      '3: regions.us-east-1.location[1]: Too small: expected number to be >=-180',
      '5: regions.eu-central-1.location: Too small: expected array to have >=2 items',
      '6: regions.eu-central-1.spill: Unknown field',
      '11: placement.prefixes.fish: Invalid prefix: expected CIDR, such as 10.0.0.0/8 or 2001:db8::/32',
      '13: placement.countries.Japan: Invalid country: expected ISO 3166-1 alpha-2, such as JP',
      '14: colour: Unknown field',
    ]);
  });

  test.each([
    ['-1', 'Too small: expected number to be >=0'],
    ['1.5', 'Invalid input: expected int, received number'],
    ['10000001', 'Too big: expected number to be <=10000000'],
  ])('rejects a limit of %s calls per minute', (calls, detail) => {
    expect(parsePolicy(`${short}\nlimits: {perAddressPerMinute: ${calls}}`)).toMatchObject({
      ok: false,
      faults: [{ field: 'limits.perAddressPerMinute', detail }],
    });
    expect(parsePolicy(`${short}\nlimits: {perAddressPerMinute: 10000000}`).ok).toBe(true);
  });

  test('checks the rules between fields', () => {
    const parsed = parsePolicy(`${short}
spillover: {start: 0.9, full: 0.9}
load: {cpu: 0, bandwidth: 0}
credentials: {ttlSeconds: 30, anonymousMaxTtlSeconds: 59}
placement: {countries: {JP: ap-northeast-1}}
limits: {perAddressPerMinute: 9, anonymousPerAddressPerMinute: 10}
`);
    expect(parsed.ok ? [] : parsed.faults).toEqual([
      { line: 8, field: 'spillover.start', detail: 'Too big: expected less than full (0.9)' },
      { line: 9, field: 'load', detail: 'Weights are all 0: expected at least one above 0' },
      {
        line: 10,
        field: 'credentials.ttlSeconds',
        detail: 'Out of bounds: expected minTtlSeconds (60) to maxTtlSeconds (86400)',
      },
      {
        line: 10,
        field: 'credentials.anonymousMaxTtlSeconds',
        detail: 'Too small: expected at least minTtlSeconds (60)',
      },
      {
        line: 11,
        field: 'placement.countries.JP',
        detail: 'Unknown region "ap-northeast-1": expected one of us-east-1, us-west-2, eu-central-1',
      },
      {
        line: 12,
        field: 'limits.anonymousPerAddressPerMinute',
        detail: 'Too big: expected at most perAddressPerMinute (9)',
      },
    ]);
  });

  test.each([
    [
      'a target twice',
      'us-west-2]',
      'us-west-2, us-west-2]',
      'regions.eu-central-1.spillover[1]',
      'Repeated target "us-west-2": expected each region once',
    ],
    [
      'the region itself',
      'us-west-2]',
      'eu-central-1]',
      'regions.eu-central-1.spillover[0]',
      'Invalid target: expected a region other than this region',
    ],
  ])('rejects a spillover list that contains %s', (_, from, to, field, detail) => {
    const text = short
      .replace(
        'eu-central-1:   {location: [50.11, 8.68]',
        'eu-central-1:   {location: [50.11, 8.68], spillover: [us-west-2]',
      )
      .replace(`spillover: [${from}}`, `spillover: [${to}}`);
    expect(parsePolicy(text)).toEqual({ ok: false, faults: [{ line: 6, field, detail }] });
  });

  test('rejects a default region that is not enabled', () => {
    expect(
      parsePolicy(short.replace('{location: [38.95, -77.45],', '{enabled: false, location: [38.95, -77.45],')),
    ).toEqual({
      ok: false,
      faults: [
        { line: 2, field: 'defaultRegion', detail: 'Region "us-east-1" is not enabled: expected an enabled region' },
      ],
    });
  });

  test.each([
    ['an open bracket', 'regions: [', 1],
    ['an alias without an anchor', 'regions: *there', 1],
    ['a key twice', 'defaultRegion: a\ndefaultRegion: b', 2],
    ['an empty file', '', 1],
    ['a list', '- a', 1],
  ])('reports a fault with its line for %s', (_, text, line) => {
    expect(parsePolicy(text)).toMatchObject({ ok: false, faults: [{ line, detail: expect.stringMatching(/./) }] });
  });

  test('never throws for any text', () => {
    const pieces = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!!',
      '|',
      '"',
      '#',
      ',',
      '<<: ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((list) => list.join('')),
        ),
        (text) => {
          expect(parsePolicy(text).ok).toBe(false);
        },
      ),
    );
  });
});
