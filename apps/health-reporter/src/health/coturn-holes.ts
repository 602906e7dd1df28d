import type { CoturnVersion } from '@turn-router/stun';

export type Hole = {
  /** The first version without it. */
  readonly fixedIn: CoturnVersion;
  /** Its CVE, or what else it goes by. */
  readonly name: string;
  /** What it costs who runs an older version. */
  readonly what: string;
};

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
  // For this and the next two: github.com/jitsi/infra-provisioning/pull/1208
  { fixedIn: [4, 15, 0], name: 'CVE-2026-62959', what: 'strangers read memory of the server' },
  {
    fixedIn: [4, 15, 0],
    name: 'CVE-2026-68552',
    what: 'callers over TCP get past the framing of messages by a cut length',
  },
  {
    fixedIn: [4, 16, 0],
    name: 'CVE-2026-73214',
    what: 'strangers exhaust the server by DTLS, where it has a certificate',
  },
];
