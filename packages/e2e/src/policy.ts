export const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-1'] as const;

/**
 * A policy of three regions. Credentials may expire after a second, so that no test waits a minute for it. The CPU load does not count: all
 * regions run on the same machine. Vanished nodes are not kept, because the tests add and remove nodes at any time.
 */
export const policy = `
defaultRegion: us-east-1
regions:
  us-east-1:      {location: [38.95, -77.45], spillover: [eu-central-1, ap-southeast-1]}
  eu-central-1:   {location: [50.11, 8.68],   spillover: [us-east-1, ap-southeast-1]}
  ap-southeast-1: {location: [1.35, 103.82],  spillover: [us-east-1, eu-central-1]}
credentials: {minTtlSeconds: 1}
load: {cpu: 0}
trust: {keepSeconds: 0}
`;
