import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  nodeProofGlob,
  nodeProofKey,
  nodeProofMaxBytes,
  parseNodeProof,
  parseNodeProofKey,
  proofPathName,
} from './node-proof.ts';
import { proofReasons } from './proof-reasons.ts';

const target = { region: 'eu-central-1', id: 'node-01' };
const prober = { region: 'us-east-1', id: 'watch-1' };
const longest = 'a'.repeat(63);
const works = { transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 12.5 };
const fails = { transport: 'tls', family: 'ipv6', port: 443, ok: false, reason: 'certificate_untrusted' };
const parse = (value: unknown) => parseNodeProof(JSON.stringify(value));

describe('the key of a proof', () => {
  test.each([
    [target, prober],
    [
      { region: longest, id: longest },
      { region: '0', id: '0' },
    ],
  ])('survives the conversion to a Redis key and back', (node, by) => {
    const key = `turn:proof:${node.region}:${node.id}:${by.region}:${by.id}`;
    expect(nodeProofKey(node, by)).toBe(key);
    expect(parseNodeProofKey(key)).toEqual({ target: node, prober: by });
    expect(key.startsWith(nodeProofGlob.slice(0, -1))).toBe(true);
  });

  test.each([
    '',
    'turn:proof:eu:a',
    'turn:proof:eu:a:us',
    'turn:proof:eu:a:us:',
    'turn:proof:eu:a:us:b:c',
    'turn:proof:EU:a:us:b',
    'turn:proof:eu:a:us:b\n',
    `turn:proof:eu:a:us:${longest}a`,
    'turn:node:eu:a:us:b',
  ])('rejects the Redis key %j', (key) => {
    expect(parseNodeProofKey(key)).toBeUndefined();
  });
});

describe('parseNodeProof', () => {
  test.each([
    { paths: [works, fails], at: 7 },
    { paths: [], at: 0 },
    { paths: [{ ...works, reason: 'no_stun' }], at: Number.MAX_SAFE_INTEGER },
    {
      paths: [
        { ...works, roundTripMs: 60_000 },
        { ...works, family: 'ipv6' },
        { ...works, port: 80 },
      ],
      at: 1,
    },
  ])('accepts %j', (proof) => {
    expect(parse(proof)).toEqual({ ok: true, proof });
  });

  test('ignores unknown fields', () => {
    expect(parseNodeProof('{"paths":[],"at":1,"colour":"red","__proto__":{"at":2}}')).toEqual({
      ok: true,
      proof: { paths: [], at: 1 },
    });
  });

  test.each<[string, unknown, string, string]>([
    ['no number', { paths: [] }, 'at', 'Invalid input: expected number, received undefined'],
    ['a negative number', { paths: [], at: -1 }, 'at', 'Too small: expected number to be >=0'],
    ['no paths', { at: 1 }, 'paths', 'Invalid input: expected array, received undefined'],
    [
      '17 paths',
      { paths: Array.from({ length: 17 }, (_, index) => ({ ...fails, port: 1 + index })), at: 1 },
      'paths',
      'Too big: expected array to have <=16 items',
    ],
    [
      'a failure without a reason',
      { paths: [{ ...works, ok: false }], at: 1 },
      'paths[0].reason',
      'Missing reason: expected a reason for a path that is not ok',
    ],
    [
      'a round trip of more than a minute',
      { paths: [{ ...works, roundTripMs: 60_000.1 }], at: 1 },
      'paths[0].roundTripMs',
      'Too big: expected number to be <=60000',
    ],
    [
      'a path twice',
      { paths: [works, { ...works, ok: false, reason: 'timeout' }], at: 1 },
      'paths',
      'Repeated path: expected each transport, family and port once',
    ],
  ])('rejects %s', (_, value, field, detail) => {
    expect(parse(value)).toMatchObject({ ok: false, faults: [{ field, detail }] });
  });

  test('rejects a round trip that is not finite', () => {
    const text = JSON.stringify({ paths: [works], at: 1 }).replace('12.5', '1e999');
    expect(parseNodeProof(text)).toMatchObject({ ok: false, reason: 'invalid' });
  });

  test('rejects a reason that is not in the set', () => {
    expect(parse({ paths: [{ ...fails, reason: 'secret-k9Zt' }], at: 1 })).toMatchObject({
      ok: false,
      reason: 'invalid',
      faults: [{ field: 'paths[0].reason', detail: expect.not.stringContaining('k9Zt') }],
    });
  });

  test.each([
    ['too_large', `${' '.repeat(nodeProofMaxBytes)}1`],
    ['too_large', `"${'é'.repeat(nodeProofMaxBytes / 2)}"`],
    ['not_json', '{'],
    ['invalid', 'null'],
    ['invalid', '[]'],
  ])('names the kind of fault: %s', (reason, text) => {
    expect(parseNodeProof(text)).toMatchObject({ ok: false, reason });
  });

  test('has room for sixteen paths with the longest reason', () => {
    const reason = proofReasons.toSorted((one, other) => other.length - one.length)[0];
    const paths = Array.from({ length: 16 }, (_, index) => ({ ...fails, port: 50_000 + index, reason }));
    expect(parse({ paths, at: Number.MAX_SAFE_INTEGER })).toMatchObject({ ok: true });
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.anything().map(String)), (text) => {
        expect([true, false]).toContain(parseNodeProof(text).ok);
      }),
    );
  });
});

test.each([
  [{ transport: 'udp', family: 'ipv4', port: 3478 } as const, 'udp 3478'],
  [{ transport: 'tls', family: 'ipv6', port: 443 } as const, 'tls 443 ipv6'],
])('the path %j is named %s', (path, name) => {
  expect(proofPathName(path)).toBe(name);
});
