import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { greatCircleKm, type Coordinates } from './great-circle.ts';
import type { AllowedRegions, PlacedCaller, Placement } from './placement.ts';

/** Applies what the caller's token and the residency rules allow. */
export function placementOf(caller: PlacedCaller, naturalRung: PlacementRung, policy: Policy): Placement {
  const { homeRegion: natural, regions: ofToken } = caller;
  const allowed = allowedRegions(caller, policy);
  const home = allowedHome(natural, allowed, policy) ?? natural;
  if (home === natural) return { natural, home, allowed, rung: naturalRung };
  return { natural, home, allowed, rung: ofToken?.has(natural) === false ? 'token' : 'residency' };
}

/** The regions that take the caller's calls when its home does not: its home's spillover targets that are in use and allowed, in order. */
export function fallbacksOf({ home, allowed }: Placement, { regions }: Policy): string[] {
  const targets = regions[home]?.spillover.map(({ region }) => region) ?? [];
  return targets.filter((target) => regions[target]?.enabled === true && isAllowedRegion(target, allowed));
}

/** What its token and the residency rules leave a caller: a hard filter in every mode. Several leave what they have in common. */
export function allowedRegions(
  { homeRegion, country, regions: ofToken }: PlacedCaller,
  { residency }: Policy,
): AllowedRegions {
  let allowed = ofToken;
  for (const { countries, regions, stayIn } of residency) {
    if (!regions.includes(homeRegion) && (country === undefined || !countries.includes(country))) continue;
    const before = allowed;
    allowed = new Set(before === undefined ? stayIn : stayIn.filter((region) => before.has(region)));
  }
  return allowed ?? 'all';
}

export function isAllowedRegion(region: string, allowed: AllowedRegions): boolean {
  return allowed === 'all' || allowed.has(region);
}

/** The caller's region, or when that is forbidden the enabled one nearest to it that is not; undefined when none is left. */
export function allowedHome(homeRegion: string, allowed: AllowedRegions, { regions }: Policy): string | undefined {
  if (isAllowedRegion(homeRegion, allowed) || allowed === 'all') return homeRegion;
  const home = regions[homeRegion]?.location;
  if (home === undefined) return undefined;
  let nearest: string | undefined;
  let leastKm = Number.POSITIVE_INFINITY;
  for (const region of allowed) {
    const policy = regions[region];
    if (policy?.enabled !== true) continue;
    const distanceKm = greatCircleKm(coordinatesOf(home), coordinatesOf(policy.location));
    if (distanceKm < leastKm) {
      nearest = region;
      leastKm = distanceKm;
    }
  }
  return nearest;
}

function coordinatesOf([latitude, longitude]: readonly [number, number]): Coordinates {
  return { latitude, longitude };
}
