import { expect, test } from '@jest/globals';
import type { AuditEvent } from '@turn-router/contract/registry';
import { createMemoryAuditLog, startAuditTrail } from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import { PolicyError } from './policy-error.ts';
import { createPolicyAudit } from './policy-audit.ts';

const read = (sha256: string) => ({ sha256 });
const refusal = new PolicyError('policy.yaml:1: a: Unknown field\npolicy.yaml:2: b: Unknown field', {
  sha256: 'bad',
});

/** Routers that share one log and started with these files; what stands in the log, oldest first. */
async function routers(started: readonly string[], act: (audits: ReturnType<typeof createPolicyAudit>[]) => void) {
  const log = createMemoryAuditLog(createManualClock(1).now);
  const written: AuditEvent[] = [];
  const events = {
    onWritten: (event: AuditEvent) => void written.push(event),
    onDropped() {},
    onLost() {},
    onFound() {},
  };
  const trail = startAuditTrail(log, events, { monotonicNowMs: () => 0, intervalMs: 3_600_000 });
  act(started.map((sha256, index) => createPolicyAudit(trail, `router:${index}`, read(sha256))));
  await trail[Symbol.asyncDispose]();
  return written.map(({ actor, action, detail }) => ({ actor, action, ...detail }));
}

const start = { actor: 'router:0', action: 'policy.changed', sha256: 'one' };

test('records the same policy once for several routers', async () => {
  expect(await routers(['one', 'one', 'one'], () => undefined)).toEqual([start]);
});

test('records a change once, with the previous hash', async () => {
  const written = await routers(['one', 'one'], (audits) => {
    for (const { changed } of audits) changed(read('two'));
    for (const { changed } of audits) changed(read('one'));
  });
  expect(written).toEqual([
    start,
    { actor: 'router:0', action: 'policy.changed', before: 'one', sha256: 'two' },
    { actor: 'router:0', action: 'policy.changed', before: 'two', sha256: 'one' },
  ]);
});

test('records a refusal once, in one line, with the hash of the policy in force', async () => {
  const written = await routers(['one', 'one'], (audits) => {
    for (const { refused } of audits) refused(refusal);
    for (const { changed } of audits) changed(read('one'));
    for (const { refused } of audits) refused(new PolicyError('policy.yaml: cannot be read (ENOENT)'));
  });
  const refused = { actor: 'router:0', action: 'policy.refused', inForce: 'one' };
  expect(written).toEqual([
    start,
    { ...refused, sha256: 'bad', fault: 'policy.yaml:1: a: Unknown field; policy.yaml:2: b: Unknown field' },
    { ...refused, fault: 'policy.yaml: cannot be read (ENOENT)' },
  ]);
});

test('cuts a long fault between characters', async () => {
  const message = `a: ${'\n'.repeat(3)}${'x'.repeat(494)}😀 and more`;
  const written = await routers(['one'], ([audit]) => audit?.refused(new PolicyError(message)));
  expect(written.at(-1)).toMatchObject({ fault: `a: ; ${'x'.repeat(494)}?` });
});
