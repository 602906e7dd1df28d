import { describe, expect, test } from '@jest/globals';
import { formatApiKey } from '@turn-router/turn-credentials';
import fc from 'fast-check';
import type { Caller } from './caller.ts';
import { identifyCaller } from './identify-caller.ts';

const scope = {};
const anonymous: Caller = { kind: 'anonymous', scope };
const web: Caller = { kind: 'api-key', keyId: 'web', scope };
const page: Caller = { kind: 'api-key', keyId: 'web', scope: { countsAsAnonymous: true } };
const alice: Caller = { kind: 'jwt', userId: 'alice', callId: 'c-1', scope };
const aliceAnywhere: Caller = { kind: 'jwt', userId: 'alice', scope };

describe('the user of a call', () => {
  test.each<[string, Caller, string | undefined, string | undefined, string]>([
    ['an anonymous IPv4 address', anonymous, undefined, '192.0.2.1', 'address:192.0.2.1/32'],
    ['an anonymous IPv6 network', anonymous, undefined, '2001:db8::7', 'address:2001:db8::/64'],
    ['an anonymous caller that names a user', anonymous, 'alice', '192.0.2.1', 'address:192.0.2.1/32'],
    ['an anonymous caller that has disconnected', anonymous, 'alice', undefined, 'address:unknown'],
    ['an application’s user', web, 'alice', '192.0.2.1', 'key:web:user:alice'],
    ['an application’s caller without a name', web, undefined, '192.0.2.1', 'key:web:address:192.0.2.1/32'],
    ['a user that a caller with a public key names', page, 'alice', '192.0.2.1', 'key:web:address:192.0.2.1/32'],
    ['an issuer’s user', alice, undefined, '192.0.2.1', 'user:alice'],
    [
      'a user of an issuer with a name',
      { ...alice, issuer: 'partner' },
      'alice',
      undefined,
      'issuer:partner:user:alice',
    ],
    ['an issuer’s user that the body names too', alice, 'alice', undefined, 'user:alice'],
  ])('%s', (_, caller, userId, address, user) => {
    expect(identifyCaller(caller, address, { userId }).user).toBe(user);
  });

  test('differs for any two users', () => {
    const id = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,9}$/);
    const name = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('a:user:b', 'key:a:user:b', 'issuer:a:user:b', 'address:unknown'),
    );
    const caller = fc.oneof(
      fc.record({ kind: fc.constant('api-key' as const), keyId: id, scope: fc.constant(scope) }),
      fc.record({
        kind: fc.constant('jwt' as const),
        userId: name,
        issuer: fc.option(id, { nil: undefined }),
        scope: fc.constant(scope),
      }),
    );
    const asked = fc.record({ caller, userId: name });
    fc.assert(
      fc.property(asked, asked, (one, other) => {
        const [a, b] = [one, other].map(({ caller: who, userId }) => ({
          user: identifyCaller(who, '192.0.2.1', who.kind === 'jwt' ? {} : { userId }).user,
          identity: JSON.stringify(who.kind === 'jwt' ? [who.issuer ?? '', who.userId, 'jwt'] : [who.keyId, userId]),
        }));
        expect(a?.user === b?.user).toBe(a?.identity === b?.identity);
      }),
    );
  });

  test.each<[string, Caller]>([
    ['an anonymous caller', anonymous],
    ['an application', web],
  ])('cannot be an API key of %s', (_, caller) => {
    const userId = formatApiKey('web', Buffer.alloc(32, 1));
    expect(() => identifyCaller(caller, undefined, { userId })).toThrow(
      expect.objectContaining({ code: 'unauthenticated', message: expect.not.stringContaining(userId) }),
    );
  });

  test('must be the user of the token', () => {
    const detail = 'Must equal the user that the token names, or be omitted';
    expect(() => identifyCaller(alice, undefined, { userId: 'bob' })).toThrow(
      expect.objectContaining({ code: 'user_forbidden', status: 403, errors: [{ field: 'userId', detail }] }),
    );
  });
});

describe('the call of a request', () => {
  test.each<[string, Caller, string | undefined, string | undefined]>([
    ['the token’s', alice, undefined, 'c-1'],
    ['the token’s, repeated in the body', alice, 'c-1', 'c-1'],
    ['the body’s where the token names none', aliceAnywhere, 'c-2', 'c-2'],
    ['the body’s of an application', web, 'c-2', 'c-2'],
    ['none', anonymous, undefined, undefined],
  ])('%s', (_, caller, callId, call) => {
    expect(identifyCaller(caller, undefined, { callId }).callId).toBe(call);
  });

  test('must be the call of the token', () => {
    const detail = 'Must equal the token’s turn_call, or be omitted';
    expect(() => identifyCaller(alice, undefined, { callId: 'c-2' })).toThrow(
      expect.objectContaining({ code: 'user_forbidden', errors: [{ field: 'callId', detail }] }),
    );
  });
});
