import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseNodeReport } from './node-report.ts';

const minimal = { cpu: 20, bandwidth_mbps: 150, status: 'healthy', public_ip: '192.0.2.50', port: 3478 };
const zoneExpected = 'expected 1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit';
const fingerprint = 'AAAAAAAAAAAAA-_9';
const seventeen = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key-${index}`, fingerprint]));
const parse = (value: unknown) => parseNodeReport(JSON.stringify(value));

describe('parseNodeReport', () => {
  test.each(['1e999', '-1e999'])('refuses the infinite clock offset %s', (text) => {
    expect(parseNodeReport(`{"clock_offset_ms":${text},${JSON.stringify(minimal).slice(1)}`)).toMatchObject({
      ok: false,
      reason: 'invalid',
      faults: [{ field: 'clock_offset_ms' }],
    });
  });

  test.each([fingerprint.slice(1), `${fingerprint}A`, 'AAAAAAAAAAAAAA+/', 1])('refuses the fingerprint %j', (text) => {
    expect(parse({ ...minimal, secret_fingerprints: { a: text } })).toMatchObject({
      ok: false,
      reason: 'invalid',
      faults: [{ field: 'secret_fingerprints.a' }],
    });
  });

  test('accepts a minimal third-party report', () => {
    expect(parse(minimal)).toEqual({ ok: true, report: minimal });
  });

  test('ignores unknown fields', () => {
    expect(parseNodeReport(`{"__proto__":{"cpu":1},"colour":"red",${JSON.stringify(minimal).slice(1)}`)).toEqual({
      ok: true,
      report: minimal,
    });
  });

  test.each([
    ['allocations_started', 0],
    ['zone', 'eu-central-1a'],
    ['stun', false],
    ['clock_offset_ms', -1234.5],
    ['secret_fingerprints', {}],
    ['secret_fingerprints', { default: fingerprint }],
    ['zone', '1'],
    ['zone', 'Uocm:PHX-AD-1'],
    ['zone', 'a'.repeat(63)],
  ])('accepts %s = %j', (field, value) => {
    expect(parse({ ...minimal, [field]: value })).toEqual({ ok: true, report: { ...minimal, [field]: value } });
  });

  test.each([
    ['cpu', -0.1, 'Too small: expected number to be >=0'],
    ['cpu', 100.1, 'Too big: expected number to be <=100'],
    ['cpu', '20', 'Invalid input: expected number, received string'],
    ['cpu', null, 'Invalid input: expected number, received null'],
    ['bandwidth_mbps', -1, 'Too small: expected number to be >=0'],
    ['bandwidth_capacity_mbps', 0, 'Too small: expected number to be >=0.001'],
    ['bandwidth_capacity_mbps', 1e308, 'Too big: expected number to be <=1000000000'],
    ['bandwidth_mbps', 1e308, 'Too big: expected number to be <=1000000000'],
    ['status', 'fine', 'Invalid option: expected one of "healthy"|"unhealthy"|"draining"'],
    ['port', 0, 'Too small: expected number to be >=1'],
    ['port', 65_536, 'Too big: expected number to be <=65535'],
    ['port', 34.78, 'Invalid input: expected int, received number'],
    ['public_ip', '192.0.2.256', 'Invalid IPv4 address'],
    ['public_ip', '2001:db8::1', 'Invalid IPv4 address'],
    ['public_ipv6', '192.0.2.1', 'Invalid IPv6 address'],
    ['hostname', 'turn', 'Invalid hostname: expected a fully qualified domain name'],
    ['hostname', 'turn.example.org:443', 'Invalid hostname: expected a fully qualified domain name'],
    ['allocations', 2 ** 53 - 1, 'Too big: expected number to be <=10000000'],
    ['allocations_started', -1, 'Too small: expected number to be >=0'],
    ['allocations_started', 0.5, 'Invalid input: expected int, received number'],
    ['zone', '', `Invalid zone: ${zoneExpected}`],
    ['zone', '-a', `Invalid zone: ${zoneExpected}`],
    ['zone', 'rack 7', `Invalid zone: ${zoneExpected}`],
    ['zone', 'a'.repeat(64), `Invalid zone: ${zoneExpected}`],
    ['zone', 1, 'Invalid input: expected string, received number'],
    ['stun', 'no', 'Invalid input: expected boolean, received string'],
    ['clock_offset_ms', 3_155_760_000_001, 'Too big: expected number to be <=3155760000000'],
    ['clock_offset_ms', -3_155_760_000_001, 'Too small: expected number to be >=-3155760000000'],
    ['clock_offset_ms', 8.64e15, 'Too big: expected number to be <=3155760000000'],
    ['clock_offset_ms', '12', 'Invalid input: expected number, received string'],
    ['secret_fingerprints', ['AAAAAAAAAAAAAAAA'], 'Invalid input: expected record, received array'],
    ['secret_fingerprints', seventeen, 'Too big: expected at most 16 entries'],
    ['weight', 0, 'Too small: expected number to be >=0.000001'],
    ['weight', 1e308, 'Too big: expected number to be <=1000000'],
    ['transports', ['sctp'], 'Invalid option: expected one of "udp"|"tcp"|"tls"'],
  ])('rejects %s = %j', (field, value, detail) => {
    const name = field === 'transports' ? 'transports[0]' : field;
    expect(parse({ ...minimal, [field]: value })).toEqual({
      ok: false,
      reason: 'invalid',
      faults: [{ field: name, detail }],
    });
  });

  test('rejects a node without an address', () => {
    expect(parse({ ...minimal, public_ip: undefined })).toEqual({
      ok: false,
      reason: 'invalid',
      faults: [
        {
          field: 'public_ip',
          detail: 'Missing address: expected at least one of public_ip, public_ipv6 and hostname',
        },
      ],
    });
  });

  test.each([4095, 4096])('accepts %d bytes', (bytes) => {
    const padding = 'x'.repeat(bytes - JSON.stringify({ ...minimal, padding: '' }).length);
    expect(parse({ ...minimal, padding }).ok).toBe(true);
  });

  test('rejects a report above the size limit, counted in bytes of UTF-8', () => {
    const faults = [{ field: '', detail: 'Too long: expected at most 4096 bytes' }];
    expect(parse({ ...minimal, padding: 'é'.repeat(2048) })).toEqual({ ok: false, reason: 'too_large', faults });
    expect(parseNodeReport('x'.repeat(1 << 20))).toEqual({ ok: false, reason: 'too_large', faults });
  });

  test.each(['', '{', 'nan', '{"cpu":NaN}'])('rejects %j as JSON', (text) => {
    expect(parseNodeReport(text)).toEqual({
      ok: false,
      reason: 'not_json',
      faults: [{ field: '', detail: 'Invalid JSON: expected one JSON object' }],
    });
  });

  test('never throws, and never accepts a number that is not finite', () => {
    const anyRecord = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record(
          Object.fromEntries(
            Object.entries(minimal).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]),
          ),
        )
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anyRecord, (text) => {
        const parsed = parseNodeReport(text);
        const figures = parsed.ok ? [parsed.report.cpu, parsed.report.bandwidth_mbps] : [0];
        expect(figures.every((figure) => Number.isFinite(figure) && figure >= 0)).toBe(true);
      }),
    );
  });
});
