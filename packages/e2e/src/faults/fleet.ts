import { byForm, silentPort, tinyGeoCallers } from '@turn-router/testing';

/** The interval between two reports of a node, and the TTL of a report, ms. */
export const reports = byForm({
  short: { intervalMs: 1_000, ttlMs: 4_000 },
  full: { intervalMs: 5_000, ttlMs: 15_000 },
});

export type ScriptedNode = { name: string; report: Readonly<Record<string, unknown>> };

/** Creates `count` equal nodes of a region, named `<region>/<id>-1`, `<region>/<id>-2` and so on. */
export function nodesOf(
  region: string,
  count: number,
  {
    id = 'node',
    port = silentPort,
    ...report
  }: { id?: string; port?: number } & Readonly<Record<string, unknown>> = {},
): ScriptedNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${region}/${id}-${index + 1}`,
    report: {
      status: 'healthy',
      cpu: 5,
      bandwidth_mbps: 1,
      bandwidth_capacity_mbps: 1000,
      public_ip: '127.0.0.1',
      port,
      boot_id: 'scripted',
      ...report,
    },
  }));
}

export const twoRegions = [...nodesOf('eu-central-1', 8), ...nodesOf('us-east-1', 4)];

const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
export const fromLondon = from(tinyGeoCallers.london);
export const fromVirginia = from(tinyGeoCallers.virginia);

/** Creates a policy of two regions that may spill to each other. `more` is YAML that is appended. */
export const policyOf = (more = '', perRegion: Readonly<Record<string, string>> = {}): string => `
defaultRegion: us-east-1
regions:
  us-east-1:
    location: [38.95, -77.45]
    spillover: [eu-central-1]
    ${perRegion['us-east-1'] ?? ''}
  eu-central-1:
    location: [50.11, 8.68]
    spillover: [us-east-1]
    ${perRegion['eu-central-1'] ?? ''}
${more}
`;
