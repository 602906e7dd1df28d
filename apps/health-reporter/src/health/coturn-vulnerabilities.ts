import type { CoturnVersion } from '@turn-router/stun';

export type Vulnerability = {
  /** The first version without the vulnerability. */
  readonly fixedIn: CoturnVersion;
  /** The CVE, or another name. */
  readonly name: string;
  /** The possible attack on an older version. */
  readonly impact: string;
};

/**
 * Known security vulnerabilities of coturn by version, oldest fix first. A distribution may fix a vulnerability without a new version number.
 * Debian's 4.6.1 has no such fix (security-tracker.debian.org/tracker/CVE-2026-27624).
 */
export const coturnVulnerabilities: readonly Vulnerability[] = [
  // nvd.nist.gov/vuln/detail/CVE-2020-26262
  { fixedIn: [4, 5, 2], name: 'CVE-2020-26262', impact: 'callers reach loopback' },
  // github.com/coturn/coturn/security/advisories/GHSA-j8mm-mpf8-gvjg
  { fixedIn: [4, 9, 0], name: 'CVE-2026-27624', impact: 'callers bypass denied-peer-ip with IPv4-mapped addresses' },
  // nvd.nist.gov/vuln/detail/CVE-2026-40613
  { fixedIn: [4, 10, 0], name: 'CVE-2026-40613', impact: 'one packet crashes the server on ARM64' },
  // github.com/coturn/coturn/pull/1945
  {
    fixedIn: [4, 13, 0],
    name: 'CVE-2026-53450',
    impact: 'callers bypass denied-peer-ip with NAT64 and 6to4 addresses',
  },
  // This and the next two: github.com/jitsi/infra-provisioning/pull/1208
  { fixedIn: [4, 15, 0], name: 'CVE-2026-62959', impact: 'unauthenticated clients read memory of the server' },
  {
    fixedIn: [4, 15, 0],
    name: 'CVE-2026-68552',
    impact: 'callers over TCP bypass message framing with a truncated length',
  },
  {
    fixedIn: [4, 16, 0],
    name: 'CVE-2026-73214',
    impact: 'unauthenticated clients exhaust a server that has a certificate over DTLS',
  },
];
