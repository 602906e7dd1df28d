import { expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract/policy';
import { problemFromRefusal } from './problem-from-refusal.ts';

const policy = policySchema.parse({
  defaultRegion: 'us-east-1',
  regions: { 'us-east-1': { location: [38.95, -77.45] }, 'eu-central-1': { location: [50.11, 8.68], enabled: false } },
});

test.each(['requireRegion', 'preferRegion'] as const)(
  'an unknown %s is named, with the regions that exist',
  (field) => {
    const problem = problemFromRefusal({ ok: false, code: 'unknown_region', field }, policy);
    const detail = 'Unknown region: expected one of us-east-1, eu-central-1';
    expect(problem).toMatchObject({
      code: 'unknown_region',
      status: 400,
      message: `${field}: ${detail}`,
      errors: [{ field, detail }],
      retryAfterSeconds: undefined,
    });
  },
);

test.each([
  ['region_unavailable', 'No healthy relay in the required region fits the request now: retry later'],
  ['fleet_overloaded', 'Every region that may serve the caller is full: retry later'],
  ['no_relay_available', 'No healthy relay fits the request now: retry later'],
] as const)('%s is a 503 with Retry-After', (code, message) => {
  const problem = problemFromRefusal({ ok: false, code }, policy);
  expect(problem).toMatchObject({
    code,
    status: 503,
    message,
    errors: [],
    retryAfterSeconds: 5,
  });
});

test('region_forbidden is a 403 that says how to get an allowed region', () => {
  expect(problemFromRefusal({ ok: false, code: 'region_forbidden' }, policy)).toMatchObject({
    status: 403,
    message: expect.stringContaining('omit the field'),
    retryAfterSeconds: undefined,
  });
});
