import { z } from 'zod';
import { nodeReportSchema } from '../registry/node-report.ts';
import { ttlSecondsLimit, ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { nodeIdSchema, regionNameSchema } from '../terms/names.ts';
import { findPolicyFaults } from './policy-rules.ts';

/** Capacity of a node of which nobody says it, Mbit/s in one direction. */
export const defaultCapacityMbps = 1000;

/** Upper bound of any limit, calls a minute: more than all routers of a fleet can answer. */
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

/** A TURN node that the policy names itself, for when the registry gives none: nobody reports on it, so it is taken to be idle. */
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
   * Where calls go when this region is past its target, in order. `maxShare` (0–1, default 1) caps what part of this region's new
   * calls one target may get. Without targets a region never spills: past its capacity its own least bad node serves.
   */
  spillover: z.array(spilloverTargetSchema).default([]),
  /** false: no new calls come here, and its callers are placed as if it did not exist. */
  enabled: z.boolean().default(true),
  /** Capacity of a node here that reports none, Mbit/s in one direction; default `capacity.bandwidthMbps`. */
  bandwidthCapacityMbps: z.number().positive().optional(),
  /** The last resort, for when the registry gives no node that may serve the caller. */
  staticNodes: z.array(staticNodeSchema).default([]),
});

/** What SREs tune. Every default and bound stands here, once. */
export const policySchema = z
  .strictObject({
    /** For callers who cannot be located. */
    defaultRegion: regionNameSchema,
    regions: z.record(regionNameSchema, regionPolicySchema),
    /** Overrides, most specific first; who matches none goes to the nearest region. */
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
     * Weight of each figure in a node's load, relative to each other. More cpu: a node with busy neighbours is avoided sooner; 0: cpu is
     * left out of a region's load, too. Allocations count only on nodes that report them and their limit.
     */
    load: z
      .strictObject({
        cpu: weightSchema.default(0.3),
        bandwidth: weightSchema.default(0.7),
        allocations: weightSchema.default(0),
      })
      .prefault({}),
    /**
     * What is assumed of relayed calls until reports have told. Nodes that report `allocations_started` correct both within minutes; of
     * others only the work that a credential brings is learnt. A length within twice the true one costs less than a point of balance.
     */
    calls: z
      .strictObject({
        meanSeconds: z.number().min(1).max(86_400).default(90),
        /** Of one call, one direction. */
        bandwidthMbps: z.number().positive().max(10_000).default(2),
      })
      .prefault({}),
    /**
     * Share of a region's capacity in use at which its new calls begin to spill (`start`) and at which all of them do (`full`).
     * Closer together: sharper, and swings sooner.
     */
    spillover: z.strictObject({ start: shareSchema.default(0.75), full: shareSchema.default(0.95) }).prefault({}),
    /**
     * When a caller's region and all its targets are past `spillover.full`: `serve` answers with the caller's own region (the least loaded
     * target when it has no node) and says `overloaded`; `refuse` answers 503, which protects the calls that run.
     */
    overload: z.enum(['serve', 'refuse']).default('serve'),
    /**
     * Who may only be relayed within a set of regions, whatever fails: callers from the countries, and callers placed in the regions.
     * Several rules that fit leave what they have in common. Without a relay there the answer is 503.
     */
    residency: z.array(residencyRuleSchema).default([]),
    /**
     * When nodes that vanish from the registry are believed to be gone. One alone is gone at once. When at least two and more than
     * `suspiciousShare` of a region's (or a registry's) nodes vanish within `vanishWindowSeconds`, each is asked by STUN: who answers stays, at
     * half weight, for at most `keepSeconds`. Longer: a broken registry does less harm, drained reporters' nodes serve for longer.
     */
    trust: z
      .strictObject({
        vanishWindowSeconds: z.number().min(1).max(300).default(15),
        suspiciousShare: shareSchema.default(0.15),
        keepSeconds: z.number().min(0).max(86_400).default(300),
      })
      .prefault({}),
    /** Of nodes that report no capacity and whose region names none. */
    capacity: z.strictObject({ bandwidthMbps: z.number().positive().default(defaultCapacityMbps) }).prefault({}),
    /** Life of credentials, seconds. Shorter: less worth stealing, more requests. */
    credentials: z
      .strictObject({
        ttlSeconds: ttlSecondsSchema.default(3600),
        minTtlSeconds: ttlSecondsSchema.default(60),
        maxTtlSeconds: ttlSecondsSchema.default(ttlSecondsLimit),
        anonymousMaxTtlSeconds: ttlSecondsSchema.default(600),
      })
      .prefault({}),
    /**
     * Calls a minute, over all routers together; 0: as many as one likes. An address is an IPv4 address or an IPv6 /64. Lower: less to be
     * gained by asking for relays without end; callers that share an address (an office, a mobile network) get in each other's way sooner.
     */
    limits: z
      .strictObject({
        perAddressPerMinute: perMinuteSchema,
        /** Of these, by callers whom nobody vouches for. */
        anonymousPerAddressPerMinute: perMinuteSchema,
        perUserPerMinute: perMinuteSchema,
        /** Of an API key that has no bound of its own. */
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
