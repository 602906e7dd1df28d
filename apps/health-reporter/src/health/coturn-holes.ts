import type { CoturnVersion } from '@turn-router/stun';

export type Hole = {
  /** The first version that fixes it. */
  readonly fixedIn: CoturnVersion;
  /** Its CVE, or another name. */
  readonly name: string;
  /** What an attacker can do to an older version. */
  readonly what: string;
};

/**
 * Known security holes of coturn by version, oldest fix first. A distribution may fix one without a new version; Debian's 4.6.1 does not
 * (security-tracker.debian.org/tracker/CVE-2026-27624).
 */
export const coturnHoles: readonly Hole[] = [
  // nvd.nist.gov/vuln/detail/CVE-2020-26262
  { fixedIn: [4, 5, 2], name: 'CVE-2020-26262', what: 'callers reach loopback' },
  // github.com/coturn/coturn/security/advisories/GHSA-j8mm-mpf8-gvjg
  { fixedIn: [4, 9, 0], name: 'CVE-2026-27624', what: 'callers bypass denied-peer-ip with IPv4-mapped addresses' },
  // nvd.nist.gov/vuln/detail/CVE-2026-40613
  { fixedIn: [4, 10, 0], name: 'CVE-2026-40613', what: 'one packet crashes the server on ARM64' },
  // github.com/coturn/coturn/pull/1945
  { fixedIn: [4, 13, 0], name: 'CVE-2026-53450', what: 'callers bypass denied-peer-ip with NAT64 and 6to4 addresses' },
  // This and the next two: github.com/jitsi/infra-provisioning/pull/1208
  { fixedIn: [4, 15, 0], name: 'CVE-2026-62959', what: 'unauthenticated clients read memory of the server' },
  {
    fixedIn: [4, 15, 0],
    name: 'CVE-2026-68552',
    what: 'callers over TCP bypass message framing with a truncated length',
  },
  {
    fixedIn: [4, 16, 0],
    name: 'CVE-2026-73214',
    what: 'unauthenticated clients exhaust a server that has a certificate over DTLS',
  },
];
