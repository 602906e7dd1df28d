import { z } from 'zod';
import { nodeReportSchema } from '../registry/node-report.ts';
import { ttlSecondsLimit, ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { nodeIdSchema, regionNameSchema } from '../terms/names.ts';
import { findPolicyFaults } from './policy-rules.ts';

/** Capacity of a node in one direction, Mbit/s. It applies if neither the report nor the policy sets a capacity. */
export const defaultCapacityMbps = 1000;

/** Upper bound of every rate limit, calls per minute. It is more than all routers of a fleet can answer. */
const perMinuteLimit = 10_000_000;

/** Maximum number of regions, and of residency rules. A router prepares as many within milliseconds. */
const regionsMax = 1_000;

/** Maximum number of overrides of one kind. */
const overridesMax = 5_000;

const hasAtMost = (max: number) => (entries: object) => Object.keys(entries).length <= max;

const shareSchema = z.number().min(0).max(1);
const prefixSchema = z.union(
  [z.cidrv4(), z.cidrv6()],
  'Invalid prefix: expected CIDR, such as 10.0.0.0/8 or 2001:db8::/32',
);
const countrySchema = z.string().regex(/^[A-Z]{2}$/, 'Invalid country: expected ISO 3166-1 alpha-2, such as JP');
const weightSchema = z.number().min(0).max(100);
const perMinuteSchema = z.int().min(0).max(perMinuteLimit).default(0);

const spilloverTargetSchema = z
  .union([regionNameSchema, z.strictObject({ region: regionNameSchema, maxShare: shareSchema.default(1) })])
  .transform((target) => (typeof target === 'string' ? { region: target, maxShare: 1 } : target));

const { port, public_ip, public_ipv6, hostname, tls_port, transports, bandwidth_capacity_mbps, zone } =
  nodeReportSchema.shape;

/** A node that the router uses when the registry has no node. Nobody reports its figures, so the router assumes that it is idle. */
const staticNodeSchema = z
  .strictObject({
    id: nodeIdSchema,
    publicIp: public_ip,
    publicIpv6: public_ipv6,
    hostname,
    port: port.default(3478),
    tlsPort: tls_port,
    transports,
    bandwidthCapacityMbps: bandwidth_capacity_mbps,
    zone,
  })
  .refine((node) => (node.publicIp ?? node.publicIpv6 ?? node.hostname) !== undefined, {
    path: ['publicIp'],
    message: 'Missing address: expected at least one of publicIp, publicIpv6 and hostname',
  });

export type StaticNode = z.output<typeof staticNodeSchema>;

const residencyRuleSchema = z.strictObject({
  /** ISO 3166-1 alpha-2. */
  countries: z.array(countrySchema).default([]),
  regions: z.array(regionNameSchema).default([]),
  stayIn: z.array(regionNameSchema).min(1),
});

const regionPolicySchema = z.strictObject({
  /** Latitude and longitude of the data centre, degrees. Callers without an override go to the nearest region. */
  location: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]),
  /**
   * Target regions, in order of preference. They take calls when the load of this region is above `spillover.start`. `maxShare` (0–1, default 1) is
   * the largest part of this region's new calls that one target may get. If a region has no targets, its calls never spill, and its nodes get calls
   * even above their capacity.
   */
  spillover: z.array(spilloverTargetSchema).default([]),
  /** If false, the region gets no new calls. The router places its callers as if the region did not exist. */
  enabled: z.boolean().default(true),
  /** Capacity of a node of this region whose report has no capacity, Mbit/s in one direction. Default: `capacity.bandwidthMbps`. */
  bandwidthCapacityMbps: z.number().positive().optional(),
  /** Nodes of last resort. The router uses them when the registry has no node that may serve the caller. */
  staticNodes: z.array(staticNodeSchema).default([]),
});

/** The policy: the settings that operators tune at run time, with every default and bound. */
export const policySchema = z
  .strictObject({
    /** The home region of callers who cannot be located. */
    defaultRegion: regionNameSchema,
    regions: z
      .record(regionNameSchema, regionPolicySchema)
      .refine(hasAtMost(regionsMax), `Too many: expected at most ${regionsMax} regions`),
    /** Overrides, most specific first. A caller without a matching override is placed in the nearest region. */
    placement: z
      .strictObject({
        /** CIDR → region. If several prefixes match, the longest one decides. */
        prefixes: z
          .record(prefixSchema, regionNameSchema)
          .refine(hasAtMost(overridesMax), `Too many: expected at most ${overridesMax} prefixes`)
          .default({}),
        /** ISO 3166-2 code, such as `US-CA` → region. Needs GeoIP data with subdivision codes. */
        subdivisions: z
          .record(
            z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'Invalid subdivision: expected ISO 3166-2, such as US-CA'),
            regionNameSchema,
          )
          .refine(hasAtMost(overridesMax), `Too many: expected at most ${overridesMax} subdivisions`)
          .default({}),
        /** ISO 3166-1 alpha-2 code, such as `JP` → region. */
        countries: z.record(countrySchema, regionNameSchema).default({}),
        /** `AF AN AS EU NA OC SA` → region. */
        continents: z.partialRecord(z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']), regionNameSchema).default({}),
      })
      .prefault({}),
    /**
     * Relative weight of each figure in a node's load. If `cpu` is higher, the router sooner avoids nodes whose host has other busy programs. If
     * `cpu` is 0, the CPU does not count in the load of regions either. Allocations count only on nodes that report both their allocations and
     * their limit.
     */
    load: z
      .strictObject({
        cpu: weightSchema.default(0.3),
        bandwidth: weightSchema.default(0.7),
        allocations: weightSchema.default(0),
      })
      .prefault({}),
    /**
     * Initial assumptions about relayed calls, until reports correct them. If nodes report `allocations_started`, the router corrects both values
     * within minutes. For other nodes it can only estimate the load per credential. If `meanSeconds` is within a factor of two of the true length,
     * this costs less than one percentage point of balance.
     */
    calls: z
      .strictObject({
        meanSeconds: z.number().min(1).max(86_400).default(90),
        /** Bandwidth of one call in one direction, Mbit/s. */
        bandwidthMbps: z.number().positive().max(10_000).default(2),
      })
      .prefault({}),
    /**
     * Two loads of a region, 0–1 of its capacity. At `start`, some new calls begin to spill. At `full`, all new calls spill. If the two values are
     * closer together, spillover reacts more sharply, and oscillation is more likely.
     */
    spillover: z.strictObject({ start: shareSchema.default(0.75), full: shareSchema.default(0.95) }).prefault({}),
    /**
     * The behaviour when a caller's region and all its targets are above `spillover.full`. `serve` returns the caller's own region and sets
     * `overloaded`. If that region has no node, `serve` returns the least loaded target. `refuse` responds with 503, which protects running calls.
     */
    overload: z.enum(['serve', 'refuse']).default('serve'),
    /**
     * Restricts callers to a set of regions (`stayIn`), even during failures. A rule applies to callers from its `countries` and to callers placed
     * in its `regions`. If several rules apply, only the regions common to all rules are allowed. If these regions have no relay, the response is
     * 503.
     */
    residency: z.array(residencyRuleSchema).max(regionsMax).default([]),
    /**
     * Rules for nodes whose reports disappear from the registry. A single node is dropped at once, except after a failed
     * reading. If several nodes disappear together, the router
     * checks each of them by STUN. This needs at least two nodes, and more than `suspiciousShare` of the nodes of a region or of a registry, within
     * `vanishWindowSeconds`. A node that responds stays in use, with a trusted share of one half, for at most `keepSeconds`. A longer time reduces the harm of a
     * broken registry. But nodes whose reporters were stopped on purpose stay in use for longer.
     */
    trust: z
      .strictObject({
        vanishWindowSeconds: z.number().min(1).max(300).default(15),
        suspiciousShare: shareSchema.default(0.15),
        keepSeconds: z.number().min(0).max(86_400).default(300),
      })
      .prefault({}),
    /** The capacity of nodes, Mbit/s in one direction. */
    capacity: z
      .strictObject({
        /** Capacity of nodes for which neither the report nor the region has a capacity. */
        bandwidthMbps: z.number().positive().default(defaultCapacityMbps),
        /** Maximum capacity of a node. A node that reports more counts as this capacity. A lower value limits the harm of a false report. */
        maxMbps: z.number().positive().optional(),
        /**
         * A node may report this many times the median capacity of its region without proof. More capacity counts only when the node has carried
         * the calls for it. With a higher value, a new large node has its full share sooner, but a false report takes more calls.
         */
        unprovenTimesMedian: z.number().min(1).max(1e6).default(1),
      })
      .prefault({}),
    /**
     * What the records of nodes may name. The router refuses a record with a loopback, link-local, multicast, unspecified or broadcast address, or
     * with a port below 1024 other than 80 and 443. Loopback addresses are permitted if the registry is on loopback or embedded.
     */
    nodes: z
      .strictObject({
        /** Prefixes whose addresses are permitted anyway. */
        allowAddresses: z.array(prefixSchema).max(overridesMax).default([]),
        /** Ports below 1024 that are permitted too. */
        allowPorts: z.array(port).max(overridesMax).default([]),
      })
      .prefault({}),
    /** Credential TTL, seconds. If the TTL is shorter, stolen credentials are less useful, but clients send more requests. */
    credentials: z
      .strictObject({
        ttlSeconds: ttlSecondsSchema.default(3600),
        minTtlSeconds: ttlSecondsSchema.default(60),
        maxTtlSeconds: ttlSecondsSchema.default(ttlSecondsLimit),
        anonymousMaxTtlSeconds: ttlSecondsSchema.default(600),
      })
      .prefault({}),
    /**
     * Rate limits: calls per minute over all routers together; 0 means no limit. An address is an IPv4 address or an IPv6 /64. A lower limit
     * reduces abuse. But callers that share an address (an office, a mobile network) reach it sooner.
     */
    limits: z
      .strictObject({
        perAddressPerMinute: perMinuteSchema,
        /** The part of `perAddressPerMinute` that anonymous callers may use. */
        anonymousPerAddressPerMinute: perMinuteSchema,
        perUserPerMinute: perMinuteSchema,
        /** For API keys without their own limit. */
        perKeyPerMinute: perMinuteSchema,
      })
      .prefault({}),
    /**
     * Permits this policy to drop residency rules or limits of the policy that it replaces. The value is the SHA-256 of the policy that it replaces,
     * so the permission ends with this change.
     */
    allowWeaker: z
      .string()
      .regex(
        /^[0-9a-f]{64}$/,
        'Invalid hash: expected the SHA-256 of the policy in force, 64 characters of 0–9 and a–f',
      )
      .optional(),
  })
  .superRefine((policy, context) => {
    for (const { path, detail } of findPolicyFaults(policy)) {
      context.addIssue({ code: 'custom', path: [...path], message: detail });
    }
  });

export type Policy = z.output<typeof policySchema>;
