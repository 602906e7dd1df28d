import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createMemoryPolicySource } from '@turn-router/registry';
import { openPolicy } from './open-policy.ts';

const valid = 'defaultRegion: us-east-1\nregions:\n  us-east-1: {location: [38.95, -77.45]}\n';
const keptOf = (text: string) => ({ text, sha256: createHash('sha256').update(text).digest('hex') });

test('a kept policy that this version refuses is a fault of the start', async () => {
  const start = await openPolicy(
    createMemoryPolicySource(valid, () => 0),
    keptOf('{"regions": {}}'),
  );
  expect(start.keptFault?.message).toContain('kept policy');
  expect(start.refusal).toBeUndefined();
  expect(
    (
      await openPolicy(
        createMemoryPolicySource(valid, () => 0),
        keptOf(valid),
      )
    ).keptFault,
  ).toBeUndefined();
});
