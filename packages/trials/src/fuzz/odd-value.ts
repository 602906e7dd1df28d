import fc from 'fast-check';

/** Draws unexpected text, as people, programs and attackers send it. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    'NaN',
    'Infinity',
    '-1',
    '1e3',
    '0x10',
    'true',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '..%2f..%2f',
    '%00',
    '%s%n%x',
    '${7*7}',
    "' OR 1=1 --",
    '<script>alert(1)</script>',
    'a\r\nX-Injected: 1',
    '\u0000',
    '\ud800',
    '\ufeff',
    '\u202e',
    'ﬀ',
    'e\u0301',
    'x'.repeat(129),
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

const oddNumber = fc.oneof(
  fc.constantFrom(-1, 0, -0, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Draws a value of an unexpected type or size. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  oddNumber,
  fc.constantFrom(null, true, false, [], {}, [[]], { __proto__: null }, [null]),
  fc.jsonValue({ maxDepth: 4 }),
);

/** Draws text that is not JSON, or JSON that is difficult to parse. The deepest has 10 000 levels. */
export const oddJson: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '}',
    '{}{}',
    'null',
    'NaN',
    '[1,]',
    "{'a':1}",
    '{"a":1,}',
    '{"a":NaN}',
    '{"ttlSeconds":1e999}',
    '{"ttlSeconds":600,"ttlSeconds":-1}',
    '{"__proto__":{"maxNodes":4}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '\ufeff{}',
    '// comment\n{}',
    '"\\ud800"',
    '{"userId":"\\u0000"}',
  ),
  fc.constantFrom(100, 1_000, 2_000, 10_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
  fc.constantFrom(100, 500, 10_000).map((depth) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)),
  fc.constantFrom(4_000, 4_096, 4_097, 70_000, 1_000_000).map((length) => `{"userId":"${'x'.repeat(length)}"}`),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
