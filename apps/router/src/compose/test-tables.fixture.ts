import type { GeoLocator } from '@turn-router/geo';
import { policySchema } from '@turn-router/contract/policy';
import type { ApiKeyRecord, NodeReport } from '@turn-router/contract/registry';
import { formatApiKey, hashApiKey, type KeyRing } from '@turn-router/turn-credentials';

export const policy = policySchema.parse({
  defaultRegion: 'us-east-1',
  regions: {
    'us-east-1': { location: [38.95, -77.45], spillover: ['eu-central-1'] },
    'eu-central-1': { location: [50.11, 8.68], spillover: ['us-east-1', 'ap-southeast-1'] },
    'ap-southeast-1': { location: [1.35, 103.82], spillover: ['us-east-1'] },
  },
  // Tests remove nodes without making the router suspicious.
  trust: { suspiciousShare: 1 },
});

export const keyRing: KeyRing = {
  keys: [
    { id: 'newest', secret: 'kJ8-newest-north-secret' },
    { id: 'older', secret: 'qW3-older-north-secret' },
  ],
};

export const reporterToken = 'the-token-of-reporters-77';

export const adminTokens = {
  viewer: 'the-token-of-viewers-kJ8-qW3-55-eyes',
  operator: 'the-token-of-operators-kJ8-qW3-66-hands',
} as const;

/** API keys that the app knows: id → key. */
export const apiKeys = {
  /** No restrictions. */
  web: formatApiKey('web', Buffer.alloc(32, 'web')),
  other: formatApiKey('other', Buffer.alloc(32, 'other')),
  /** Restricted in every way. */
  narrow: formatApiKey('narrow', Buffer.alloc(32, 'narrow')),
} as const;

const hashOf = (key: string) => ({ sha256: hashApiKey(key).toString('hex') });

export const apiKeyRecords: readonly (readonly [string, ApiKeyRecord])[] = [
  ['web', { secrets: [hashOf(apiKeys.web)] }],
  ['other', { secrets: [hashOf(apiKeys.other)] }],
  [
    'narrow',
    {
      secrets: [hashOf(apiKeys.narrow)],
      origins: ['https://narrow.example.org'],
      regions: ['us-east-1'],
      min_ttl_seconds: 120,
      max_ttl_seconds: 1800,
    },
  ],
];

/** Addresses of callers by their location in the table below. */
export const callers = {
  london: '81.2.69.142',
  londonOverIpv6: '2a02:d100::1',
  kansas: '8.8.8.8',
  sydney: '1.1.1.1',
  nowhere: '203.0.113.1',
} as const;

export const places: Readonly<Record<string, ReturnType<GeoLocator['locate']>>> = {
  [callers.london]: { country: 'GB', continent: 'EU', location: { latitude: 51.5, longitude: -0.1 } },
  [callers.londonOverIpv6]: { country: 'GB', continent: 'EU', location: { latitude: 51.5, longitude: -0.1 } },
  [callers.kansas]: { country: 'US', continent: 'NA', location: { latitude: 37.8, longitude: -97.8 } },
  [callers.sydney]: { country: 'AU', continent: 'OC', location: { latitude: -33.9, longitude: 151.2 } },
};

export const figures = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, port: 3478 } as const;

/** `<region>/<id>` → report: one node each in Frankfurt and Virginia, none in Singapore. */
export const twoNodes: Readonly<Record<string, NodeReport>> = {
  'eu-central-1/node-01': { ...figures, public_ip: '192.0.2.50' },
  'us-east-1/node-01': { ...figures, public_ip: '192.0.2.60' },
};
