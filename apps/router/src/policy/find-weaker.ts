import type { Policy } from '@turn-router/contract/policy';

/** A part of the policy in force that a changed policy lacks. */
export type LostPart = { readonly field: string; readonly detail: string };

/**
 * Finds the protection that a changed policy drops. A policy is weaker if at least one of these holds:
 *
 * - A country or a region is named by fewer residency rules than before, and its callers may go to a region that was not allowed before.
 * - A region is gone that a residency rule named. A cut inside `regions` drops such a region together with its rule.
 * - An entry of `placement` is gone that placed callers in a region with a residency rule. Such an entry decides to whom the rule applies.
 * - A limit that was above 0 is 0. A limit that is missing is 0.
 * - The maximum capacity of a node is gone.
 * - A longest TTL that was below its default is back at its default, as it is if the section `credentials` is gone.
 *
 * A higher limit, or a rule whose `stayIn` has one more region, is an ordinary change.
 */
export function findWeaker(inForce: Policy, next: Policy): LostPart[] {
  return [
    ...findLostResidency(inForce, next),
    ...findLostRegions(inForce, next),
    ...findLostPlacement(inForce, next),
    ...findLostLimits(inForce, next),
    ...findLostMaximum(inForce, next),
    ...findLostTtls(inForce, next),
  ];
}

function findLostResidency(inForce: Policy, next: Policy): LostPart[] {
  const before = scopesOf(inForce);
  const after = scopesOf(next);
  return [...before]
    .filter(([caller, { rules, allowed }]) => {
      const now = after.get(caller);
      if (now === undefined) return true;
      return now.rules < rules && [...now.allowed].some((region) => !allowed.has(region));
    })
    .map(([caller, { allowed }]) => ({
      field: 'residency',
      detail: `Missing rule: expected callers of ${caller} to stay in ${[...allowed].slice(0, namesMax).join(', ')}`,
    }));
}

function findLostRegions({ residency }: Policy, next: Policy): LostPart[] {
  const named = new Set(residency.flatMap(({ regions, stayIn }) => [...regions, ...stayIn]));
  const lost = [...named].filter((region) => !Object.hasOwn(next.regions, region));
  const detail = `Missing region: expected ${lost.slice(0, namesMax).join(', ')}, because a residency rule names it`;
  return lost.length === 0 ? [] : [{ field: 'regions', detail }];
}

function findLostPlacement(inForce: Policy, next: Policy): LostPart[] {
  const ruled = new Set(inForce.residency.flatMap(({ regions }) => regions));
  return (['prefixes', 'subdivisions', 'countries', 'continents'] as const).flatMap((kind) => {
    const after: Readonly<Record<string, string>> = next.placement[kind];
    const lost = Object.entries(inForce.placement[kind])
      .filter(([caller, region]) => ruled.has(region) && !Object.hasOwn(after, caller))
      .map(([caller]) => caller);
    const detail = `Missing entry: expected ${lost.slice(0, namesMax).join(', ')}, because a residency rule names the region of these callers`;
    return lost.length === 0 ? [] : [{ field: `placement.${kind}`, detail }];
  });
}

/** Maximum number of regions or callers in one message. */
const namesMax = 20;

type Scope = { readonly rules: number; readonly allowed: ReadonlySet<string> };

/** Returns, for each country and each region that a rule names, the number of its rules and the regions that all of them allow. */
function scopesOf({ residency }: Policy): ReadonlyMap<string, Scope> {
  const scopes = new Map<string, Scope>();
  for (const { countries, regions, stayIn } of residency) {
    const here = new Set(stayIn);
    for (const caller of new Set([
      ...countries.map((name) => `country ${name}`),
      ...regions.map((name) => `region ${name}`),
    ])) {
      const { rules, allowed } = scopes.get(caller) ?? { rules: 0, allowed: here };
      scopes.set(caller, { rules: rules + 1, allowed: new Set([...allowed].filter((region) => here.has(region))) });
    }
  }
  return scopes;
}

const limitNames = [
  'perAddressPerMinute',
  'anonymousPerAddressPerMinute',
  'perUserPerMinute',
  'perKeyPerMinute',
] as const satisfies readonly (keyof Policy['limits'])[];

function findLostLimits({ limits: before }: Policy, { limits: after }: Policy): LostPart[] {
  return limitNames
    .filter((name) => before[name] > 0 && after[name] === 0)
    .map((name) => ({ field: `limits.${name}`, detail: `Missing limit: expected a limit, such as ${before[name]}` }));
}

function findLostMaximum({ capacity: before }: Policy, { capacity: after }: Policy): LostPart[] {
  if (before.maxMbps === undefined || after.maxMbps !== undefined) return [];
  return [{ field: 'capacity.maxMbps', detail: `Missing maximum: expected a maximum, such as ${before.maxMbps}` }];
}

/** The defaults of the longest TTLs, seconds. */
const ttlDefaults = { maxTtlSeconds: 86_400, anonymousMaxTtlSeconds: 600 } as const;

function findLostTtls({ credentials: before }: Policy, { credentials: after }: Policy): LostPart[] {
  return (['maxTtlSeconds', 'anonymousMaxTtlSeconds'] as const)
    .filter((name) => before[name] < ttlDefaults[name] && after[name] === ttlDefaults[name])
    .map((name) => ({
      field: `credentials.${name}`,
      detail: `Missing bound: expected at most ${ttlDefaults[name] - 1}, such as ${before[name]}`,
    }));
}
