import { expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { createFindExclusion } from './find-exclusion.ts';

const report: NodeReport = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.50', port: 3478 };
const key = { region: 'eu', id: 'a' };

type Faults = { readonly clockMs?: number; readonly hasKey?: boolean; readonly refuted?: string };

test.each<[string, Faults, string | undefined]>([
  ['no fault', {}, undefined],
  ['a refuted node', { refuted: 'eu/a' }, 'unreachable_from_outside'],
  ['another refuted node', { refuted: 'eu/b' }, undefined],
  ['a node of this id in another region', { refuted: 'us/a' }, undefined],
  ['a wrong clock', { clockMs: 60_000 }, 'clock_ahead'],
  ['no common key', { hasKey: false }, 'secret_mismatch'],
  ['a wrong clock of a refuted node', { clockMs: -60_000, refuted: 'eu/a' }, 'clock_behind'],
  ['no common key with a refuted node', { hasKey: false, refuted: 'eu/a' }, 'secret_mismatch'],
])('%s', (_, { clockMs, hasKey = true, refuted }, expected) => {
  const keys = {
    match: () => ({ key: hasKey ? { id: 'first', secret: 'north-secret-of-2026' } : undefined, mismatchedIds: [] }),
  };
  const findExclusion = createFindExclusion(keys, { offsetsMs: () => [0] }, { isRefuted: (name) => name === refuted });
  expect(findExclusion({ key, report: { ...report, clock_offset_ms: clockMs } })).toBe(expected);
});
