import { InvalidArgumentError } from 'commander';

export type CoturnVersion = readonly [major: number, minor: number, patch: number];

/** Older ones have known holes, which the health-reporter tells of. */
export const recommendedCoturn: CoturnVersion = [4, 17, 1];

/** `4.6.1` or `4.6`. */
export function parseCoturnVersion(text: string): CoturnVersion {
  const [, major, minor, patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const version = [Number(major), Number(minor), Number(patch)] as const;
  if (major === undefined || isOlder(version, [4, 6, 0])) {
    throw new InvalidArgumentError('Expected a version from 4.6 on, such as 4.6.1.');
  }
  return version;
}

export function isOlder([major, minor, patch]: CoturnVersion, than: CoturnVersion): boolean {
  return (major - than[0] || minor - than[1] || patch - than[2]) < 0;
}
