import fc from 'fast-check';
import { reporterToken } from '../compose/test-app.fixture.ts';
import { deep, nastyNumber, nastyText, nastyValue, report } from './garbage-values.fixture.ts';
import type { GarbageRequest } from './send-garbage.fixture.ts';

const wishNames = [
  'userId',
  'callId',
  'ttlSeconds',
  'requireRegion',
  'preferRegion',
  'transports',
  'maxNodes',
  'excludeNodes',
];
const wishes = fc.dictionary(fc.oneof(fc.constantFrom(...wishNames), nastyText), nastyValue, { maxKeys: 5 });
const plausibleWishes = fc.record(
  {
    userId: nastyText,
    ttlSeconds: nastyNumber,
    requireRegion: fc.constantFrom('eu-central-1', 'us-east-1', 'nowhere-1', 'toString'),
    transports: fc.array(fc.constantFrom('udp', 'tcp', 'tls', 'quic'), { maxLength: 4 }),
    maxNodes: fc.integer({ min: -1, max: 6 }),
    excludeNodes: fc.array(fc.constantFrom('eu-central-1/node-01', 'a/b', 'x'), { maxLength: 18 }),
  },
  { requiredKeys: [] },
);
const nastyName = fc.oneof(
  fc.constantFrom('eu-central-1/ghost', 'us-east-1/other', 'a/b/c', '__proto__/x', '', null, 7),
  nastyText,
);
const huge = fc.constantFrom(4097, 70_000, 1_000_000).map((length) => `{"userId":"${'x'.repeat(length)}"}`);

const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.oneof(wishes, plausibleWishes, report, nastyValue).map((value) => JSON.stringify(value) ?? ''),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(nastyText, fc.constantFrom('{', '{}{}', 'null', '{"__proto__":{"maxNodes":4}}', '{"a":1,}')),
  },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: huge },
);

const segment = fc.oneof(
  fc.constantFrom(
    '',
    'v1',
    'ice-servers',
    'region',
    'nodes',
    'eu-central-1',
    'ghost',
    'docs',
    '%',
    '%zz',
    '%00',
    '%ff',
    '%2e%2e',
    '..',
    '.',
    'EU',
    'constructor',
  ),
  fc.stringMatching(/^[\x21-\x7e]{0,20}$/).map((text) => text.replaceAll(/[#?]/g, '')),
);
const query = fc.oneof(
  fc.constantFrom(
    '',
    '',
    '?ttlSeconds=15',
    '?ttlSeconds=-1',
    '?ttlSeconds=x',
    '?ttlSeconds[]=1',
    '?__proto__=1',
    '?%',
    '?a=b&a=c',
    '?',
  ),
  fc.stringMatching(/^[\x21-\x7e]{0,40}$/).map((text) => `?${text}`),
);
const knownPath = fc.constantFrom(
  '/v1/ice-servers',
  '/v1/ice-servers',
  '/v1/region',
  '/coturn',
  '/v1/nodes/eu-central-1/ghost',
  '/v1/nodes/nowhere-1/ghost',
  '/v1/nodes/eu-central-1/ghost/probe-targets',
  '/v1/nodes/eu-central-1/ghost/probe-targets/eu-central-1/ghost',
  '/v1/nodes/eu-central-1/ghost/proofs/eu-central-1/ghost',
  '/v1/nodes/eu-central-1/ghost/read-proofs',
  '/v1/probe-credentials',
  '/livez',
  '/readyz',
  '/openapi.json',
  '/docs',
  '/docs/problems',
  '/docs/show.js',
  '/docs/swagger-ui.css',
);
const path = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: knownPath },
      fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
    ),
    query,
  )
  .map((parts) => parts.join(''))
  // Garbage must not remove the only relay, which regular requests use.
  .filter((text) => !text.includes('node-01'));

const headerText = fc.stringMatching(/^[\x20-\x7e]{0,60}$/);
const headers = fc.record(
  {
    'content-type': fc.oneof(
      { weight: 4, arbitrary: fc.constant('application/json') },
      fc.constantFrom('text/plain', 'application/json; charset=x', ';', ''),
      headerText,
    ),
    'content-encoding': fc.constantFrom('identity', 'gzip', 'br', 'x'),
    'x-forwarded-for': fc.oneof(
      fc.constantFrom('81.2.69.142', 'unknown', ',,,', '1.1.1.1, 127.0.0.1', '::1%x', '999.1.1.1'),
      headerText,
    ),
    authorization: fc.oneof(fc.constantFrom(`Bearer ${reporterToken}`, 'Bearer', 'Bearer x', 'Basic eA=='), headerText),
    origin: fc.oneof(fc.constantFrom('https://app.example.org', 'null', 'x'), headerText),
    'access-control-request-method': headerText,
    'if-none-match': fc.constantFrom('*', '"x"', 'x'),
    'if-match': fc.constantFrom('*', '"x"'),
    range: fc.constantFrom('bytes=0-1', 'bytes=99999999-', 'x', 'bytes=-'),
    accept: headerText,
    cookie: headerText,
    'x-request-id': headerText,
    'x-http-method-override': fc.constantFrom('PUT', 'x'),
  },
  { requiredKeys: [] },
);

const jsonHeaders = { 'content-type': 'application/json' };
const aimedWish = body.map((text) => ({ method: 'POST', path: '/v1/ice-servers', headers: jsonHeaders, body: text }));
const aimedReport = fc.tuple(fc.constantFrom('PUT', 'DELETE'), query, body).map(([method, asked, text]) => ({
  method,
  path: `/v1/nodes/eu-central-1/ghost${asked}`,
  headers: { ...jsonHeaders, authorization: `Bearer ${reporterToken}` },
  body: text,
}));
/** A part of a valid proof, a valid list of keys, and garbage in their places. */
const proverBody = fc
  .record(
    {
      paths: fc.oneof(
        nastyValue,
        fc.array(
          fc.record(
            {
              transport: fc.constantFrom('udp', 'tls', 'sctp', null),
              family: fc.constantFrom('ipv4', 'ipv6', 4),
              port: fc.constantFrom(3478, 0, 1e9, '3478'),
              ok: fc.oneof(fc.boolean(), nastyValue),
              reason: fc.constantFrom('timeout', 'no_stun', '', 7),
              roundTripMs: fc.oneof(fc.double(), nastyValue),
            },
            { requiredKeys: ['transport', 'family', 'port', 'ok'] },
          ),
          { maxLength: 20 },
        ),
      ),
      at: fc.oneof(fc.nat(), nastyValue),
      proofs: fc.array(fc.record({ target: nastyName, prober: nastyName }, { requiredKeys: [] }), { maxLength: 70 }),
      target: nastyName,
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const aimedProof = fc
  .tuple(
    fc.constantFrom(
      ['GET', '/v1/nodes/eu-central-1/ghost/probe-targets'],
      ['PUT', '/v1/nodes/eu-central-1/ghost/proofs/eu-central-1/ghost'],
      ['PUT', '/v1/nodes/eu-central-1/ghost/proofs/us-east-1/other'],
      ['POST', '/v1/nodes/eu-central-1/ghost/read-proofs'],
      ['POST', '/v1/probe-credentials'],
    ),
    fc.oneof(query, fc.constantFrom('?prober=eu-central-1/ghost', '?prober=x', '?after=a/b')),
    fc.oneof(body, proverBody),
  )
  .map(([[method = '', route = ''], asked, text]) => ({
    method,
    path: `${route}${asked}`,
    headers: { ...jsonHeaders, authorization: `Bearer ${reporterToken}` },
    body: method === 'GET' ? '' : text,
  }));
const wild = fc.record({
  method: fc.constantFrom('POST', 'GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'),
  path,
  headers,
  body,
});

/** Two fifths of the requests are arbitrary; the others pass the first checks of a route. */
export const garbageRequest: fc.Arbitrary<GarbageRequest> = fc.oneof(
  { weight: 1, arbitrary: aimedWish },
  { weight: 1, arbitrary: aimedReport },
  { weight: 1, arbitrary: aimedProof },
  { weight: 2, arbitrary: wild },
);
