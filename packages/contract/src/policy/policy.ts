import { z } from 'zod';
import { nodeReportSchema } from '../registry/node-report.ts';
import { ttlSecondsLimit, ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { nodeIdSchema, regionNameSchema } from '../terms/names.ts';
import { findPolicyFaults } from './policy-rules.ts';

/** Capacity of a node if neither its report nor the policy sets one, Mbit/s in one direction. */
export const defaultCapacityMbps = 1000;

/** Upper bound of every rate limit, calls per minute: more than all routers of a fleet can answer. */
const perMinuteLimit = 10_000_000;

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

/** A node that the policy lists for use when the registry has none. It has no reports, so the router assumes that it is idle. */
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
  /** Latitude and longitude of the data centre, degrees; callers without an override go to the nearest region. */
  location: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]),
  /**
   * Target regions that take calls when this region is past `spillover.start`, in order. `maxShare` (0–1, default 1) caps the share of
   * this region's new calls that one target may get. A region without targets never spills: its own nodes keep serving past their capacity.
   */
  spillover: z.array(spilloverTargetSchema).default([]),
  /** If false, the region gets no new calls, and its callers are placed as if it did not exist. */
  enabled: z.boolean().default(true),
  /** Capacity of a node of this region that reports none, Mbit/s in one direction. Default: `capacity.bandwidthMbps`. */
  bandwidthCapacityMbps: z.number().positive().optional(),
  /** The last resort: used when the registry has no node that may serve the caller. */
  staticNodes: z.array(staticNodeSchema).default([]),
});

/** The policy: the settings that operators tune at run time, with every default and bound. */
export const policySchema = z
  .strictObject({
    /** The home region of callers who cannot be located. */
    defaultRegion: regionNameSchema,
    regions: z.record(regionNameSchema, regionPolicySchema),
    /** Overrides, most specific first. A caller who matches none is placed in the nearest region. */
    placement: z
      .strictObject({
        /** CIDR → region; the longest matching prefix wins. */
        prefixes: z.record(prefixSchema, regionNameSchema).default({}),
        /** ISO 3166-2 code, such as `US-CA` → region. Needs GeoIP data with subdivision codes. */
        subdivisions: z
          .record(
            z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'Invalid subdivision: expected ISO 3166-2, such as US-CA'),
            regionNameSchema,
          )
          .default({}),
        /** ISO 3166-1 alpha-2 code, such as `JP` → region. */
        countries: z.record(countrySchema, regionNameSchema).default({}),
        /** `AF AN AS EU NA OC SA` → region. */
        continents: z.partialRecord(z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']), regionNameSchema).default({}),
      })
      .prefault({}),
    /**
     * Relative weight of each figure in a node's load. A higher `cpu` avoids a node with busy neighbours sooner; 0 excludes the CPU from the
     * load of regions, too. Allocations count only on nodes that report them and their limit.
     */
    load: z
      .strictObject({
        cpu: weightSchema.default(0.3),
        bandwidth: weightSchema.default(0.7),
        allocations: weightSchema.default(0),
      })
      .prefault({}),
    /**
     * Initial assumptions about relayed calls, until reports correct them. Nodes that report `allocations_started` correct both within
     * minutes. From other nodes the router learns only the load per credential. A `meanSeconds` within a factor of two of the true
     * length costs less than one percentage point of balance.
     */
    calls: z
      .strictObject({
        meanSeconds: z.number().min(1).max(86_400).default(90),
        /** Bandwidth of one call in one direction, Mbit/s. */
        bandwidthMbps: z.number().positive().max(10_000).default(2),
      })
      .prefault({}),
    /**
     * Load of a region (0–1 of its capacity) at which its new calls begin to spill (`start`) and at which all of them spill (`full`).
     * A smaller distance makes spillover sharper and more prone to oscillation.
     */
    spillover: z.strictObject({ start: shareSchema.default(0.75), full: shareSchema.default(0.95) }).prefault({}),
    /**
     * The reaction when a caller's region and all its targets are past `spillover.full`. `serve` returns the caller's own region (if it has
     * no node, the least loaded target) and sets `overloaded`. `refuse` responds with 503, which protects running calls.
     */
    overload: z.enum(['serve', 'refuse']).default('serve'),
    /**
     * Restricts callers to a set of regions (`stayIn`), even during failures. A rule applies to callers from its `countries` and to callers
     * placed in its `regions`. If several rules apply, only the regions common to all are allowed. Without a relay there, the response is 503.
     */
    residency: z.array(residencyRuleSchema).default([]),
    /**
     * Decides when nodes that vanish from the registry are gone. A single node is gone at once. If at least two nodes and more than
     * `suspiciousShare` of a region's (or a registry's) nodes vanish within `vanishWindowSeconds`, the router checks each by STUN. A node that
     * responds is kept, at half weight, for at most `keepSeconds`. A longer time reduces the harm of a broken registry, but nodes whose
     * reporters were stopped serve for longer.
     */
    trust: z
      .strictObject({
        vanishWindowSeconds: z.number().min(1).max(300).default(15),
        suspiciousShare: shareSchema.default(0.15),
        keepSeconds: z.number().min(0).max(86_400).default(300),
      })
      .prefault({}),
    /** Capacity of nodes that report none and whose region sets none. */
    capacity: z.strictObject({ bandwidthMbps: z.number().positive().default(defaultCapacityMbps) }).prefault({}),
    /** Credential TTL, seconds. A shorter TTL makes stolen credentials less useful and causes more requests. */
    credentials: z
      .strictObject({
        ttlSeconds: ttlSecondsSchema.default(3600),
        minTtlSeconds: ttlSecondsSchema.default(60),
        maxTtlSeconds: ttlSecondsSchema.default(ttlSecondsLimit),
        anonymousMaxTtlSeconds: ttlSecondsSchema.default(600),
      })
      .prefault({}),
    /**
     * Rate limits: calls per minute over all routers together; 0 means no limit. An address is an IPv4 address or an IPv6 /64. A lower
     * limit reduces abuse. But callers that share an address (an office, a mobile network) exhaust it sooner.
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
  })
  .superRefine((policy, context) => {
    for (const { path, detail } of findPolicyFaults(policy)) {
      context.addIssue({ code: 'custom', path: [...path], message: detail });
    }
  });

export type Policy = z.output<typeof policySchema>;
