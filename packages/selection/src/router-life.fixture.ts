import { policySchema, type Policy } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import fc from 'fast-check';
import type { Balancer } from './balancer.ts';
import { createBalancer } from './create-balancer.ts';
import { drawsOf } from './draws.fixture.ts';
import type { FleetReading, ReportedNode } from './fleet-change.ts';
import type { PlacedCaller } from './placement.ts';
import type { RelayWishes } from './relay-decision.ts';

export const names = ['a', 'b', 'c', 'd'] as const;
const transports = ['udp', 'tcp', 'tls'] as const;

const anyShare = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
export const points = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 1,
  maxLength: 6,
});
const regionName = fc.constantFrom(...names);

const anyResidencyRule = fc.record({
  countries: fc.constantFrom(['DE'], ['DE', 'FR'], []),
  regions: fc.subarray([...names], { maxLength: 1 }),
  stayIn: fc.subarray([...names], { minLength: 1 }),
});

export const anyPolicy = fc
  .record({
    regions: fc.record(Object.fromEntries(names.map((name) => [name, anyRegion(name)]))),
    load: fc.constantFrom({}, { cpu: 0, bandwidth: 1 }, { cpu: 1, bandwidth: 1, allocations: 2 }),
    spillover: fc.constantFrom({}, { start: 0.3, full: 0.6 }, { start: 0, full: 1 }),
    overload: fc.constantFrom('serve', 'refuse'),
    residency: fc.oneof(fc.constant([]), fc.array(anyResidencyRule, { maxLength: 2 })),
    defaultRegion: regionName,
  })
  .map((written) => policySchema.safeParse(written))
  .filter((parsed) => parsed.success)
  .map(({ data }) => data);

function anyRegion(name: string) {
  const others = names.filter((other) => other !== name);
  return fc.record({
    location: fc.tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 })),
    enabled: fc.constantFrom(true, true, true, false),
    bandwidthCapacityMbps: fc.constantFrom(undefined, 500),
    spillover: fc
      .shuffledSubarray(others)
      .chain((targets) =>
        fc.tuple(...targets.map((region) => fc.record({ region: fc.constant(region), maxShare: anyShare }))),
      ),
  });
}

/** About half of the loads are between 0.7 and 1. In this range spillover starts and ends. */
const anyLoad = fc.oneof(
  { arbitrary: fc.double({ min: 0, max: 0.7, noNaN: true }), weight: 4 },
  { arbitrary: fc.double({ min: 0.7, max: 1, noNaN: true }), weight: 4 },
  { arbitrary: fc.double({ min: 1, max: 2.5, noNaN: true }), weight: 1 },
);

const anyReportWithoutWork = fc.record(
  {
    status: fc.constantFrom<NodeReport['status'][]>(...Array<'healthy'>(6).fill('healthy'), 'unhealthy', 'draining'),
    cpu: fc.double({ min: 0, max: 100, noNaN: true }),
    port: fc.constant(3478),
    public_ip: fc.constantFrom('192.0.2.1', '192.0.2.2', '198.51.100.1'),
    bandwidth_capacity_mbps: fc.constantFrom(100, 1000, 10_000),
    hostname: fc.constant('turn.example.org'),
    tls_port: fc.constant(443),
    transports: fc.subarray([...transports], { minLength: 1 }),
    zone: fc.constantFrom('1', '2'),
    allocations: fc.integer({ min: 0, max: 12 }),
    allocations_capacity: fc.constantFrom(0, 10),
    allocations_started: fc.integer({ min: 0, max: 1000 }),
    boot_id: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['status', 'cpu', 'port', 'public_ip'] },
);

export const anyReport: fc.Arbitrary<NodeReport> = fc.tuple(anyReportWithoutWork, anyLoad).map(([report, load]) => ({
  ...report,
  bandwidth_mbps: load * (report.bandwidth_capacity_mbps ?? 1000),
}));

/** A reading of the registry. */
const anyReading: fc.Arbitrary<FleetReading> = fc.record({
  nodes: fc.uniqueArray(
    fc.record({
      key: fc.record({
        region: fc.constantFrom(...names, ...names, 'atlantis'),
        id: fc.constantFrom('n0', 'n1', 'n2'),
      }),
      report: anyReport,
    }),
    { minLength: 2, maxLength: 12, selector: ({ key }) => nameOf(key) },
  ),
  replicas: fc.integer({ min: 1, max: 5 }),
});

export const anyCaller: fc.Arbitrary<PlacedCaller> = fc.record({
  homeRegion: regionName,
  country: fc.constantFrom('DE', 'FR', 'US', undefined),
});

export const anyWishes: fc.Arbitrary<RelayWishes> = fc.record({
  requireRegion: seldom(regionName),
  preferRegion: seldom(regionName),
  transports: seldom(fc.subarray([...transports], { minLength: 1 })),
  excludeNodes: seldom(fc.array(fc.constantFrom('a/n0', 'a/n1', 'b/n0', 'c/n2'), { maxLength: 3 })),
  maxNodes: fc.integer({ min: 1, max: 4 }),
});

function seldom<T>(wish: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 4 }, { arbitrary: wish, weight: 1 });
}

export type Step = {
  readonly elapsedMs: number;
  readonly reading: FleetReading;
  readonly isRepeated: boolean;
  readonly issued: readonly {
    readonly caller: PlacedCaller;
    readonly wishes: RelayWishes;
    readonly points: number[];
  }[];
};

/** A history of a router: new or repeated readings, with decisions in between. */
export const anyHistory: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    elapsedMs: fc.integer({ min: 0, max: 60_000 }),
    reading: anyReading,
    isRepeated: fc.boolean(),
    issued: fc.array(fc.record({ caller: anyCaller, wishes: anyWishes, points }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 4 },
);

export type HistoryResult = { readonly balancer: Balancer; readonly reading: FleetReading; readonly nowMs: number };

export function playHistory(policy: Policy, history: readonly Step[]): HistoryResult {
  const balancer = createBalancer(policy);
  let result: HistoryResult = { balancer, reading: { nodes: [], replicas: 1 }, nowMs: 0 };
  for (const { elapsedMs, reading, isRepeated, issued } of history) {
    result = { balancer, reading: isRepeated ? result.reading : reading, nowMs: result.nowMs + elapsedMs };
    balancer.observe(result.reading, result.nowMs);
    for (const { caller, wishes, points: drawn } of issued) {
      const decision = balancer.choose(caller, wishes, result.nowMs, drawsOf(...drawn));
      if (decision.ok) balancer.countIssued(decision.nodes, result.nowMs);
    }
  }
  return result;
}

export function nameOf({ region, id }: ReportedNode['key']): string {
  return `${region}/${id}`;
}
