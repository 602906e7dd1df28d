/** Mean radius of the earth, km (IUGG). */
const earthRadiusKm = 6371.0088;

/** A point on the globe, degrees: north and east are positive. */
export type Coordinates = { readonly latitude: number; readonly longitude: number };

/** Distance over the earth's surface, km, by the haversine formula. Differs by at most 0.5 % from the distance on the ellipsoid. */
export function greatCircleKm(from: Coordinates, to: Coordinates): number {
  const radians = Math.PI / 180;
  const halfLatitude = Math.sin(((to.latitude - from.latitude) * radians) / 2);
  const halfLongitude = Math.sin(((to.longitude - from.longitude) * radians) / 2);
  const squared =
    halfLatitude ** 2 + Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians) * halfLongitude ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(squared)));
}
