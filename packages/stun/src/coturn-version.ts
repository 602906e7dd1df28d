/** A version such as `4.6.1`, as numbers. */
export type CoturnVersion = readonly [major: number, minor: number, patch: number];

/** The oldest coturn without a known security vulnerability or serious defect. The health-reporter has the lists of both. */
export const recommendedCoturn: CoturnVersion = [4, 17, 2];

/** Parses coturn's version from a node report's `software`, such as `Coturn-4.6.1 'Gorst'`; undefined for other servers. */
export function coturnVersionFrom(software: string): CoturnVersion | undefined {
  const [, major, minor, patch] = /^coturn-(\d+)\.(\d+)\.(\d+)/i.exec(software) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isOlderCoturn([major, minor, patch]: CoturnVersion, than: CoturnVersion): boolean {
  return (major - than[0] || minor - than[1] || patch - than[2]) < 0;
}
