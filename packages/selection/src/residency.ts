import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import { greatCircleKm, type Coordinates } from './great-circle.ts';
import type { AllowedRegions, PlacedCaller, Placement } from './placement.ts';

/** Applies the caller's token and the residency rules to its natural region. */
export function placementOf(caller: PlacedCaller, naturalRung: PlacementRung, policy: Policy): Placement {
  const { homeRegion: natural, regions: ofToken } = caller;
  const allowed = allowedRegions(caller, policy);
  const home = allowedHome(natural, allowed, policy) ?? natural;
  if (home === natural) return { natural, home, allowed, rung: naturalRung };
  return { natural, home, allowed, rung: ofToken?.has(natural) === false ? 'token' : 'residency' };
}

/** Returns the home region's spillover targets that are enabled and allowed, in the policy's order. */
export function targetsOf({ home, allowed }: Placement, { regions }: Policy): string[] {
  const targets = regions[home]?.spillover.map(({ region }) => region) ?? [];
  return targets.filter((target) => regions[target]?.enabled === true && isAllowedRegion(target, allowed));
}

/** Returns the regions that both the token and all matching residency rules allow. Other regions are never used, in any mode. */
export function allowedRegions(
  { homeRegion: naturalRegion, country, regions: ofToken }: PlacedCaller,
  { residency }: Policy,
): AllowedRegions {
  let allowed = ofToken;
  for (const { countries, regions, stayIn } of residency) {
    if (!regions.includes(naturalRegion) && (country === undefined || !countries.includes(country))) continue;
    const before = allowed;
    allowed = new Set(before === undefined ? stayIn : stayIn.filter((region) => before.has(region)));
  }
  return allowed ?? 'all';
}

export function isAllowedRegion(region: string, allowed: AllowedRegions): boolean {
  return allowed === 'all' || allowed.has(region);
}

/** Returns the caller's natural region if it is allowed. Otherwise returns the nearest enabled and allowed region. Undefined if no such region exists. */
export function allowedHome(naturalRegion: string, allowed: AllowedRegions, { regions }: Policy): string | undefined {
  if (isAllowedRegion(naturalRegion, allowed) || allowed === 'all') return naturalRegion;
  const natural = regions[naturalRegion]?.location;
  if (natural === undefined) return undefined;
  let nearest: string | undefined;
  let leastKm = Number.POSITIVE_INFINITY;
  for (const region of allowed) {
    const policy = regions[region];
    if (policy?.enabled !== true) continue;
    const distanceKm = greatCircleKm(coordinatesOf(natural), coordinatesOf(policy.location));
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
