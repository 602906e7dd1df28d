import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInForce, parseRevocation, type Revocation } from './revocation.ts';
import { wholeKeyOf } from './revocation-subject.ts';

const full: Revocation = { at_ms: 1000, until_ms: 2000, reason: 'spam, for three days', turn_users: ['3q2-7wABCd_f'] };

describe('a stored revocation', () => {
  test.each<[string, unknown, Revocation]>([
    ['with everything', full, full],
    ['with nothing but a time', { at_ms: 1000 }, { at_ms: 1000, turn_users: [] }],
    ['with a field of a newer version', { at_ms: 1000, colour: 'red' }, { at_ms: 1000, turn_users: [] }],
  ])('parses %s', (_, stored, record) => {
    expect(parseRevocation('user:alice', JSON.stringify(stored))).toEqual({ ok: true, record });
  });

  const turnUser = 'Invalid TURN user: expected 8–64 characters of A–Z, a–z, 0–9, "_" and "-"';
  test.each<[string, unknown, string, string]>([
    ['no time', {}, 'at_ms', 'Invalid input: expected number, received undefined'],
    ['a time before time', { at_ms: -1 }, 'at_ms', 'Too small: expected number to be >=0'],
    ['a reason of two lines', { at_ms: 1, reason: 'a\nb' }, 'reason', 'Invalid string: expected no control characters'],
    ['a long reason', { at_ms: 1, reason: 'x'.repeat(201) }, 'reason', 'Too big: expected string to have <=200'],
    ['a TURN user that is a command', { at_ms: 1, turn_users: ['abcdefgh\r\nstop'] }, 'turn_users[0]', turnUser],
    ['every TURN user', { at_ms: 1, turn_users: [''] }, 'turn_users[0]', turnUser],
    ['a text', 'x', '', 'Invalid input: expected object, received string'],
  ])('rejects %s', (_, stored, field, detail) => {
    expect(parseRevocation('user:alice', JSON.stringify(stored))).toEqual({
      ok: false,
      faults: [{ field, detail: expect.stringContaining(detail) }],
    });
  });

  test('rejects any other content without throwing', () => {
    expect(parseRevocation('user:alice', `{"at_ms": 1, "x": "${'x'.repeat(4096)}"}`)).toEqual({
      ok: false,
      faults: [{ field: '', detail: 'Too long: expected at most 4096 characters' }],
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(parseRevocation('user:alice', text).ok).toBe(false);
      }),
    );
  });

  test.each([
    ['without an end', {}, 9e15, true],
    ['until later', { until_ms: 2000 }, 1999, true],
    ['until now', { until_ms: 2000 }, 2000, false],
  ])('%s', (_, until, nowMs, expected) => {
    expect(isInForce(until, nowMs)).toBe(expected);
  });
});

const isSubject = (text: string) => parseRevocation(text, '{"at_ms": 1}').ok;

describe('a revocation subject', () => {
  test.each([
    'user:alice',
    'user:zoë ⚑ : / 7',
    'user:key:web',
    'key:web',
    'key:web:user:alice',
    'key:web:user:user:alice',
    `key:${'k'.repeat(63)}:user:${'u'.repeat(128)}`,
    'issuer:partner:user:alice',
    `issuer:${'i'.repeat(63)}:user:${'u'.repeat(128)}`,
    'address:192.0.2.1/32',
    'address:2001:db8::/64',
    'address:::/64',
    'key:web:address:2001:db8:0:7::/64',
  ])('may be %s', (subject) => {
    expect(isSubject(subject)).toBe(true);
  });

  test.each([
    '',
    'alice',
    'user:',
    'user:a\nb',
    `user:${'u'.repeat(129)}`,
    'issuer:partner',
    'issuer::user:alice',
    'issuer:Partner:user:alice',
    'issuer:partner:user:',
    'issuer:partner:address:192.0.2.1/32',
    'key:',
    'key:Web',
    'key:web:',
    'key:web:alice',
    'key:web:key:web',
    'address:192.0.2.1',
    'address:192.0.2.0/24',
    'address:192.0.2.1/32/32',
    'address:192.0.2.01/32',
    'address:3221225985/32',
    'address:example/32',
    'address:2001:db8::1/64',
    'address:2001:DB8::/64',
    'address:2001:db8:0:0::/64',
    'address:2001:db8::/48',
    'address:[2001:db8::]/64',
    'address:unknown',
    '__proto__',
  ])('may not be %j', (subject) => {
    expect(isSubject(subject)).toBe(false);
  });

  test.each([
    ['key:web', 'web'],
    ['key:web:user:alice', undefined],
    ['user:key', undefined],
  ])('wholeKeyOf(%s) is %s', (subject, id) => {
    expect(wholeKeyOf(subject)).toBe(id);
  });
});
