import type { Policy } from '@turn-router/contract';
import { greatCircleKm } from './great-circle.ts';
import type { PlacedCaller } from './placement.ts';

/** Where a caller may be relayed: in every region, or only in these. */
export type AllowedRegions = ReadonlySet<string> | 'all';

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
    const distanceKm = greatCircleKm(placeOf(home), placeOf(policy.location));
    if (distanceKm < leastKm) {
      nearest = region;
      leastKm = distanceKm;
    }
  }
  return nearest;
}

function placeOf([latitude, longitude]: readonly [number, number]): { latitude: number; longitude: number } {
  return { latitude, longitude };
}
