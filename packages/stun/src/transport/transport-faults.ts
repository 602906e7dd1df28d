import { StunError } from '../stun-error.ts';
import type { StunFault } from '../stun-fault.ts';

/** Creates the error for a network or name lookup fault; it names the system code, such as ECONNREFUSED. */
export function unreachable(cause: unknown): StunError {
  return new StunError('unreachable', `the server is unreachable: ${faultName(cause)}`, { cause });
}

/** OpenSSL's verification results under Node's names, and Node's own check of the name. */
const faultOfCode: Readonly<Record<string, StunFault>> = {
  CERT_HAS_EXPIRED: 'certificate_expired',
  CERT_NOT_YET_VALID: 'certificate_not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate_wrong_name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate_untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate_untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate_untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate_untrusted',
};

/** Creates the error for a failed handshake after TCP connected; it names the code, such as CERT_HAS_EXPIRED. */
export function tlsFault(cause: unknown): StunError {
  const name = faultName(cause);
  return new StunError('tls', `TLS with the server failed: ${name}`, { fault: faultOfCode[name] ?? 'tls', cause });
}

/** Returns the code of a Node error, such as ECONNREFUSED; the text of an error without a code. */
function faultName(cause: unknown): string {
  const hasCode = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string';
  return hasCode ? String(cause.code) : String(cause);
}
