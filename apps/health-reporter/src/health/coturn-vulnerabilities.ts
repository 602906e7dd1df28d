import type { CoturnVersion } from '@turn-router/stun';

export type Vulnerability = {
  /** The first version with the vulnerability; absent: all older versions have it. */
  readonly since?: CoturnVersion;
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
  // nvd.nist.gov/vuln/detail/CVE-2025-69217
  {
    since: [4, 6, 2],
    fixedIn: [4, 8, 0],
    name: 'CVE-2025-69217',
    impact: 'attackers predict nonces and relay ports',
  },
  // github.com/coturn/coturn/security/advisories/GHSA-j8mm-mpf8-gvjg
  { fixedIn: [4, 9, 0], name: 'CVE-2026-27624', impact: 'callers bypass denied-peer-ip with IPv4-mapped addresses' },
  // nvd.nist.gov/vuln/detail/CVE-2026-40613
  { fixedIn: [4, 10, 0], name: 'CVE-2026-40613', impact: 'one packet crashes the server on ARM64' },
  // patchsiren.com/cves/coturn/cve-2026-43994
  { fixedIn: [4, 10, 0], name: 'CVE-2026-43994', impact: 'unauthenticated clients overflow a buffer in oauth mode' },
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
  // This and the next one: suse.com/security/cve. openSUSE lists both for coturn before 4.17.1, without details.
  { fixedIn: [4, 17, 1], name: 'CVE-2026-73215', impact: 'not published in detail' },
  { fixedIn: [4, 17, 1], name: 'CVE-2026-73216', impact: 'not published in detail' },
];

/** A version with a defect because of which callers get no relay. */
export type BrokenVersion = {
  readonly since: CoturnVersion;
  readonly fixedIn: CoturnVersion;
  readonly defect: string;
};

/** Probes on the host of the TURN server cannot see these defects. So the version is the only sign. */
export const brokenCoturnVersions: readonly BrokenVersion[] = [
  // github.com/coturn/coturn/issues/2043
  {
    since: [4, 17, 0],
    fixedIn: [4, 17, 2],
    defect: 'it sends answers with IP TTL 1, so callers outside of the host do not get them',
  },
];
