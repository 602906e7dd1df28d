import { describe, expect, test } from '@jest/globals';
import type { Revocation } from '@turn-router/contract/registry';
import { createManualClock } from '@turn-router/testing';
import fc from 'fast-check';
import type { Caller } from '../auth/caller.ts';
import { identifyCaller } from '../auth/identify-caller.ts';
import { createRevocationGate } from './revocation-gate.ts';

const scope = {};
const anonymous: Caller = { kind: 'anonymous', scope };
const web: Caller = { kind: 'api-key', keyId: 'web', scope };
const alice: Caller = { kind: 'jwt', userId: 'alice', scope };

const here = '2001:db8:0:7::1';
const forGood: Revocation = { at_ms: 0, turn_users: [] };

function openGate(subject: string, revocation = forGood) {
  const clock = createManualClock(1_000);
  const said: string[] = [];
  let calls = 0;
  const gate = createRevocationGate({
    nowMs: clock.now,
    monotonicNowMs: clock.now,
    count: () => (calls += 1),
    onRefusal: (refused) => said.push(refused),
  });
  gate.use(new Map([[subject, revocation]]));
  return { ...gate, clock, said, calls: () => calls };
}

describe('the revocation gate', () => {
  test.each<[subject: string, caller: Caller, userId: string | undefined, isRevoked: boolean]>([
    ['user:alice', alice, undefined, true],
    ['user:alice', alice, 'alice', true],
    ['user:alice', { ...alice, userId: 'alice2' }, undefined, false],
    ['user:alice', web, 'alice', false],
    ['user:alice', anonymous, 'alice', false],
    ['key:web', web, undefined, true],
    ['key:web', web, 'alice', true],
    ['key:web', { ...web, keyId: 'web2' }, 'alice', false],
    ['key:web', { ...alice, userId: 'key:web' }, undefined, false],
    ['key:web:user:alice', web, 'alice', true],
    ['key:web:user:alice', web, undefined, false],
    ['key:web:user:alice', { ...web, keyId: 'other' }, 'alice', false],
    ['key:web:user:alice', alice, undefined, false],
    ['address:2001:db8:0:7::/64', anonymous, undefined, true],
    ['address:2001:db8:0:8::/64', anonymous, undefined, false],
    ['address:2001:db8:0:7::/64', web, undefined, false],
    ['key:web:address:2001:db8:0:7::/64', web, undefined, true],
    ['key:web:address:2001:db8:0:7::/64', web, 'alice', false],
  ])('%s: %j with userId %j: %s', (subject, caller, userId, isRevoked) => {
    expect(openGate(subject).isRevoked(identifyCaller(caller, here, { userId }))).toBe(isRevoked);
  });

  test('refuses a revoked user by its name, until the revocation is lifted', () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('a:user:b', 'key:web', '__proto__'));
    fc.assert(
      fc.property(name, fc.constantFrom('jwt', 'api-key'), (userId, kind) => {
        const caller: Caller = kind === 'jwt' ? { ...alice, userId } : web;
        const gate = openGate(identifyCaller(caller, here, { userId }).user);
        expect(gate.isRevoked(identifyCaller(caller, here, { userId }))).toBe(true);
        gate.use(new Map());
        expect(gate.isRevoked(identifyCaller(caller, here, { userId }))).toBe(false);
      }),
    );
  });

  test('lets a revocation expire', () => {
    const gate = openGate('user:alice', { ...forGood, until_ms: 2_000 });
    expect(gate.isRevoked(identifyCaller(alice, here))).toBe(true);
    gate.clock.advance(999);
    expect(gate.isRevoked(identifyCaller(alice, here))).toBe(true);
    gate.clock.advance(1);
    expect(gate.isRevoked(identifyCaller(alice, here))).toBe(false);
  });
});

describe('the log of refusals', () => {
  test('counts every refusal, and logs the first of a minute', () => {
    const gate = openGate('user:alice');
    const ask = () => gate.isRevoked(identifyCaller(alice, here));
    ask();
    gate.clock.advance(59_999);
    ask();
    expect([gate.calls(), gate.said]).toEqual([2, ['user:alice']]);
    gate.clock.advance(1);
    ask();
    expect([gate.calls(), gate.said]).toEqual([3, ['user:alice', 'user:alice']]);
  });

  test('logs a subject again after it is revoked again', () => {
    const gate = openGate('user:alice');
    const ask = () => gate.isRevoked(identifyCaller(alice, here));
    ask();
    gate.use(new Map([['user:alice', { ...forGood, at_ms: 1 }]]));
    ask();
    expect(gate.said).toEqual(['user:alice']);
    gate.use(new Map());
    gate.use(new Map([['user:alice', forGood]]));
    ask();
    expect(gate.said).toEqual(['user:alice', 'user:alice']);
  });
});
