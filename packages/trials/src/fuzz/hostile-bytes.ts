import fc from 'fast-check';

/** Bytes to write to a TCP connection, and the permitted number of answers. */
export type HostileBytes = {
  readonly name: string;
  readonly bytes: Buffer;
  /** Highest permitted number of answers. It is 1 if the router and a proxy in front of it could parse different requests from the bytes. */
  readonly answersMax: number;
};

const head = 'Host: 127.0.0.1\r\n';
const hello = Buffer.from('16030100c8010000c40303', 'hex');

/** Bytes from which two parsers may read different requests (RFC 9112 §11.2). The router must never answer the second request. */
const smuggled = 'GET /livez HTTP/1.1\r\nHost: smuggled\r\n\r\n';
const smuggling: readonly [name: string, text: string][] = [
  [
    'length and chunks',
    `Content-Length: ${smuggled.length + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  ],
  ['chunks and length', `Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`],
  ['two lengths', `Content-Length: 0\r\nContent-Length: 9\r\n\r\n${smuggled}`],
  ['a signed length', `Content-Length: +0\r\n\r\n${smuggled}`],
  ['a length that is a list', `Content-Length: 0, 0\r\n\r\n${smuggled}`],
  ['an unknown transfer coding', `Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n${smuggled}`],
  ['chunks twice', `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a space before the colon', `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a tab in the name', `Transfer\tEncoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a folded header', `Content-Length:\r\n 0\r\n\r\n${smuggled}`],
  ['a bare line feed', `Content-Length: 0\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`],
  ['a bare carriage return', `Content-Length: 0\rX: y\r\n\r\n${smuggled}`],
  ['a chunk that is too long', `Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n${smuggled}`],
  ['a chunk of a negative size', `Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n${smuggled}`],
  ['a chunk of a huge size', `Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n${smuggled}`],
  ['an invalid chunk size', `Transfer-Encoding: chunked\r\n\r\nxyz\r\nx\r\n0\r\n\r\n${smuggled}`],
  ['a NUL in a header', `X: \0\r\n\r\n${smuggled}`],
  ['a NUL in a name', `X\0: y\r\n\r\n${smuggled}`],
];

const fixed: readonly HostileBytes[] = [
  ...smuggling.map(([name, text]) => ({
    name,
    bytes: Buffer.from(`POST /v1/ice-servers HTTP/1.1\r\n${head}${text}`),
    answersMax: 1,
  })),
  { name: 'half a request line', bytes: Buffer.from('POST /v1/ice'), answersMax: 1 },
  { name: 'half a head', bytes: Buffer.from(`POST /v1/ice-servers HTTP/1.1\r\n${head}Conte`), answersMax: 1 },
  {
    name: 'half a body',
    bytes: Buffer.from(
      `POST /v1/ice-servers HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    ),
    answersMax: 1,
  },
  { name: 'no host', bytes: Buffer.from('GET /livez HTTP/1.1\r\n\r\n'), answersMax: 1 },
  { name: 'two hosts', bytes: Buffer.from(`GET /livez HTTP/1.1\r\n${head}${head}\r\n`), answersMax: 1 },
  { name: 'HTTP/0.9', bytes: Buffer.from('GET /livez\r\n\r\n'), answersMax: 1 },
  { name: 'HTTP/9.9', bytes: Buffer.from(`GET /livez HTTP/9.9\r\n${head}\r\n`), answersMax: 1 },
  {
    name: 'a whole URL',
    bytes: Buffer.from(`GET http://elsewhere.example.org/livez HTTP/1.1\r\n${head}\r\n`),
    answersMax: 1,
  },
  { name: 'CONNECT', bytes: Buffer.from('CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n'), answersMax: 1 },
  { name: 'an asterisk', bytes: Buffer.from(`OPTIONS * HTTP/1.1\r\n${head}\r\n`), answersMax: 1 },
  { name: 'an unknown method', bytes: Buffer.from(`HACK / HTTP/1.1\r\n${head}\r\n`), answersMax: 1 },
  {
    name: 'an expectation',
    bytes: Buffer.from(`POST /v1/ice-servers HTTP/1.1\r\n${head}Expect: x\r\n\r\n`),
    answersMax: 1,
  },
  {
    name: 'an upgrade',
    bytes: Buffer.from(`GET /livez HTTP/1.1\r\n${head}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`),
    answersMax: 1,
  },
  { name: 'HTTP/2', bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), answersMax: 1 },
  { name: 'TLS', bytes: Buffer.concat([hello, Buffer.alloc(200, 7)]), answersMax: 1 },
  {
    name: 'a PROXY line',
    bytes: Buffer.from(`PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\nGET /livez HTTP/1.1\r\n${head}\r\n`),
    answersMax: 1,
  },
  {
    name: '10 000 headers',
    bytes: Buffer.from(`GET /livez HTTP/1.1\r\n${head}${'a: b\r\n'.repeat(10_000)}\r\n`),
    answersMax: 1,
  },
  {
    name: 'a line of 1 MB',
    bytes: Buffer.from(`GET /livez HTTP/1.1\r\n${head}X: ${'x'.repeat(1_000_000)}\r\n\r\n`),
    answersMax: 1,
  },
  { name: 'a URL of 1 MB', bytes: Buffer.from(`GET /${'x'.repeat(1_000_000)} HTTP/1.1\r\n${head}\r\n`), answersMax: 1 },
  {
    name: '100 requests at once',
    bytes: Buffer.from(`GET /livez HTTP/1.1\r\n${head}\r\n`.repeat(100)),
    answersMax: 100,
  },
  {
    name: 'an endless chunked body',
    bytes: Buffer.from(
      `POST /v1/ice-servers HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`1000\r\n${' '.repeat(4_096)}\r\n`.repeat(50)}`,
    ),
    answersMax: 1,
  },
];

const randomBytes = fc
  .uint8Array({ maxLength: 2_000 })
  .map((bytes) => ({ name: 'random bytes', bytes: Buffer.from(bytes), answersMax: 1 }));

/** Fixed bytes with one byte changed or the end cut off. */
const damaged = fc
  .tuple(fc.constantFrom(...fixed), fc.nat(), fc.nat(255), fc.boolean())
  .map(([whole, at, byte, isCut]) => {
    const place = at % whole.bytes.length;
    const bytes = Buffer.from(isCut ? whole.bytes.subarray(0, place) : whole.bytes);
    if (!isCut) bytes[place] = byte;
    // A changed byte can turn one invalid request into two valid ones.
    return { name: `${whole.name}, damaged`, bytes, answersMax: Infinity };
  });

/** Up to 5 000 header lines around the lines that say who calls. The router must read all lines, or refuse the request. */
const floods = fc
  .record({
    version: fc.constantFrom('1.0', '1.1'),
    before: fc.nat(2_500),
    after: fc.nat(2_500),
    filler: fc.constantFrom(
      'a: b',
      'X-Forwarded-For: 198.51.100.7',
      'Cookie: a=b',
      'Authorization: Bearer x',
      ':',
      'a:',
    ),
    identity: fc.constantFrom(
      'X-Forwarded-For: 203.0.113.9',
      'X-Forwarded-For: 203.0.113.9\r\n , 203.0.113.10',
      'Authorization: Bearer tr_fuzz_x',
      'Authorization: Bearer x\r\nAuthorization: Bearer y',
      'Content-Length: 2\r\nContent-Length: 2',
    ),
  })
  .map(({ version, before, after, filler, identity }) => ({
    name: 'a flood of headers',
    bytes: Buffer.from(
      `POST /v1/ice-servers HTTP/${version}\r\n${head}${`${filler}\r\n`.repeat(before)}${identity}\r\n${`${filler}\r\n`.repeat(after)}\r\n`,
    ),
    answersMax: 1,
  }));

export const hostileBytes: fc.Arbitrary<HostileBytes> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...fixed) },
  { weight: 2, arbitrary: damaged },
  { weight: 1, arbitrary: randomBytes },
  { weight: 2, arbitrary: floods },
);
