import fc from 'fast-check';

export const nastyText = fc.oneof(
  fc.constantFrom(
    '',
    'alice',
    'a:b',
    '%s%n%x',
    'a\r\nX: 1',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    '../..',
    '${7*7}',
    "' OR 1=1",
    '<script>',
  ),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
export const nastyNumber = fc.oneof(fc.constantFrom(-1, 0, 1, 60, 600, 1e9, 1e308, -0, 0.5, 2 ** 53), fc.double());
export const nastyValue = fc.oneof(
  nastyText,
  nastyNumber,
  fc.constantFrom('x', null, true, [], {}, [[]]),
  fc.jsonValue(),
);

/** This status is never healthy. Otherwise the router would use a report that is valid by chance. */
export const report = fc.record(
  {
    status: fc.constantFrom('draining', 'unhealthy', 'HEALTHY', '', null),
    cpu: nastyValue,
    bandwidth_mbps: fc.oneof(fc.constant(1), nastyValue),
    port: fc.constantFrom(3478, 0, '3478'),
    public_ip: fc.constantFrom('192.0.2.99', '192.0.2', '::1'),
    probe: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
export const deep = fc.integer({ min: 1, max: 1900 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth));
