/** `4.6.1` as numbers. */
export type Version = readonly [major: number, minor: number, patch: number];

export type Hole = {
  /** The first version without it. */
  readonly fixedIn: Version;
  /** Its CVE, or what else it goes by. */
  readonly name: string;
  /** What it costs who runs an older version. */
  readonly what: string;
};

/** The oldest coturn without a hole that is known here and told of below. */
export const recommendedCoturn: Version = [4, 17, 1];

/**
 * Holes of coturn as its version tells them, oldest fix first. Distributions may have closed one without a new version; Debian's 4.6.1
 * has not (security-tracker.debian.org/tracker/CVE-2026-27624).
 */
export const coturnHoles: readonly Hole[] = [
  // nvd.nist.gov/vuln/detail/CVE-2020-26262
  { fixedIn: [4, 5, 2], name: 'CVE-2020-26262', what: 'callers reach loopback' },
  // github.com/coturn/coturn/security/advisories/GHSA-j8mm-mpf8-gvjg
  { fixedIn: [4, 9, 0], name: 'CVE-2026-27624', what: 'callers get past denied-peer-ip by IPv4-mapped addresses' },
  // nvd.nist.gov/vuln/detail/CVE-2026-40613
  { fixedIn: [4, 10, 0], name: 'CVE-2026-40613', what: 'one packet ends the server on ARM64' },
  // github.com/coturn/coturn/pull/1945
  { fixedIn: [4, 13, 0], name: 'CVE-2026-53450', what: 'callers get past denied-peer-ip by NAT64 and 6to4 addresses' },
  // For this and the next: github.com/jitsi/infra-provisioning/pull/1208
  { fixedIn: [4, 15, 0], name: 'CVE-2026-62959', what: 'strangers read memory of the server' },
  {
    fixedIn: [4, 16, 0],
    name: 'CVE-2026-73214',
    what: 'strangers exhaust the server by DTLS, where it has a certificate',
  },
];

/** Of what coturn calls itself, such as `Coturn-4.6.1 'Gorst'`; undefined for other servers. */
export function parseCoturnVersion(software: string): Version | undefined {
  const [, major, minor, patch] = /^coturn-(\d+)\.(\d+)\.(\d+)/i.exec(software) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

export function isOlder([major, minor, patch]: Version, than: Version): boolean {
  return (major - than[0] || minor - than[1] || patch - than[2]) < 0;
}
