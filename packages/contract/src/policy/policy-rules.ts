import type { Policy } from './policy.ts';

/** A fault of several fields together, which are each valid alone. */
type PolicyFault = { readonly path: readonly (string | number)[]; readonly detail: string };

/** Maximum number of region names in one message. */
const namesMax = 20;

/** Checks all rules between the fields of a policy. */
export function findPolicyFaults(policy: Policy): PolicyFault[] {
  return [
    ...findUnknownRegions(policy),
    ...findPointlessTargets(policy),
    ...findMisplacedDefault(policy),
    ...findRepeatedNodes(policy),
    ...findPointlessResidency(policy),
    ...findMisorderedBounds(policy),
    ...findLooseLimits(policy),
  ];
}

function findUnknownRegions(policy: Policy): PolicyFault[] {
  const expected = namesOf(Object.keys(policy.regions));
  const named: { path: (string | number)[]; region: string }[] = [
    { path: ['defaultRegion'], region: policy.defaultRegion },
    ...Object.entries(policy.regions).flatMap(([name, { spillover }]) =>
      spillover.map((target, index) => ({ path: ['regions', name, 'spillover', index], region: target.region })),
    ),
    ...Object.entries(policy.placement).flatMap(([rung, overrides]) =>
      Object.entries(overrides).map(([from, region]) => ({ path: ['placement', rung, from], region })),
    ),
    ...policy.residency.flatMap((rule, index) =>
      (['regions', 'stayIn'] as const).flatMap((field) =>
        rule[field].map((region, position) => ({ path: ['residency', index, field, position], region })),
      ),
    ),
  ];
  return named
    .filter(({ region }) => !Object.hasOwn(policy.regions, region))
    .map(({ path, region }) => ({
      path,
      detail: `Unknown region "${region}": expected one of ${expected}`,
    }));
}

/** Lists the first names, so that a message stays short. */
function namesOf(names: readonly string[]): string {
  if (names.length === 0) return '(regions is empty)';
  const listed = names.slice(0, namesMax).join(', ');
  return names.length > namesMax ? `${listed} and ${names.length - namesMax} more` : listed;
}

function findPointlessTargets(policy: Policy): PolicyFault[] {
  return Object.entries(policy.regions).flatMap(([name, { spillover }]) => {
    const repeated = repeatedOf(spillover.map(({ region }) => region));
    return spillover.flatMap(({ region }, index) => {
      const path = ['regions', name, 'spillover', index];
      if (region === name) return [{ path, detail: 'Invalid target: expected a region other than this region' }];
      return repeated.has(index) ? [{ path, detail: `Repeated target "${region}": expected each region once` }] : [];
    });
  });
}

/** Returns the positions of names that stand earlier in the list too. */
function repeatedOf(names: readonly string[]): ReadonlySet<number> {
  const seen = new Set<string>();
  const repeated = new Set<number>();
  for (const [index, name] of names.entries()) {
    if (seen.has(name)) repeated.add(index);
    seen.add(name);
  }
  return repeated;
}

function findMisplacedDefault({ defaultRegion, regions }: Policy): PolicyFault[] {
  return regions[defaultRegion]?.enabled === false
    ? [{ path: ['defaultRegion'], detail: `Region "${defaultRegion}" is not enabled: expected an enabled region` }]
    : [];
}

function findRepeatedNodes({ regions }: Policy): PolicyFault[] {
  return Object.entries(regions).flatMap(([name, { staticNodes }]) =>
    [...repeatedOf(staticNodes.map(({ id }) => id))].map((index) => ({
      path: ['regions', name, 'staticNodes', index, 'id'],
      detail: `Repeated id "${staticNodes[index]?.id}": expected each node of a region once`,
    })),
  );
}

function findPointlessResidency({ residency, regions }: Policy): PolicyFault[] {
  return residency.flatMap((rule, index) => [
    ...(rule.countries.length + rule.regions.length === 0
      ? [{ path: ['residency', index], detail: 'The field callers is empty: expected countries, regions or both' }]
      : []),
    ...(rule.stayIn.some((region) => regions[region]?.enabled === true)
      ? []
      : [
          {
            path: ['residency', index, 'stayIn'],
            detail: 'All of these regions are disabled: expected at least one enabled region',
          },
        ]),
  ]);
}

function findMisorderedBounds({ load, spillover, credentials }: Policy): PolicyFault[] {
  const { ttlSeconds, minTtlSeconds, maxTtlSeconds, anonymousMaxTtlSeconds } = credentials;
  const rules: [broken: boolean, path: string[], detail: string][] = [
    [load.cpu + load.bandwidth + load.allocations === 0, ['load'], 'Weights are all 0: expected at least one above 0'],
    [spillover.start >= spillover.full, ['spillover', 'start'], `Too big: expected less than full (${spillover.full})`],
    [
      minTtlSeconds > maxTtlSeconds,
      ['credentials', 'minTtlSeconds'],
      `Too big: expected at most maxTtlSeconds (${maxTtlSeconds})`,
    ],
    [
      ttlSeconds < minTtlSeconds || ttlSeconds > maxTtlSeconds,
      ['credentials', 'ttlSeconds'],
      `Out of bounds: expected minTtlSeconds (${minTtlSeconds}) to maxTtlSeconds (${maxTtlSeconds})`,
    ],
    [
      anonymousMaxTtlSeconds < minTtlSeconds,
      ['credentials', 'anonymousMaxTtlSeconds'],
      `Too small: expected at least minTtlSeconds (${minTtlSeconds})`,
    ],
  ];
  return rules.filter(([broken]) => broken).map(([, path, detail]) => ({ path, detail }));
}

/** Checks that the limit for anonymous callers is not above the limit for all callers of an address. Otherwise it would have no effect. */
function findLooseLimits({ limits }: Policy): PolicyFault[] {
  const { perAddressPerMinute: all, anonymousPerAddressPerMinute: anonymous } = limits;
  return all > 0 && anonymous > all
    ? [
        {
          path: ['limits', 'anonymousPerAddressPerMinute'],
          detail: `Too big: expected at most perAddressPerMinute (${all})`,
        },
      ]
    : [];
}
