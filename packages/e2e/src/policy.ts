export const regions = ['us-east-1', 'eu-central-1', 'ap-southeast-1'] as const;

/**
 * Three regions; credentials may be short, so that no test waits a minute for one to expire. The CPU is that of the machine that runs the
 * tests, for all regions, and says nothing of their relays. Nodes come and go as the tests like, so none is kept that has vanished.
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
