import { StunError } from '../stun-error.ts';
import type { StunFault } from '../stun-fault.ts';

/** Creates the error for a fault of the network or of the name lookup. The message has the system code, such as ECONNREFUSED. */
export function unreachable(cause: unknown): StunError {
  return new StunError('unreachable', `the server is unreachable: ${faultName(cause)}`, { cause });
}

/** The faults for the codes of OpenSSL's certificate check, as Node names them, and for Node's check of the host name. */
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

/** Creates the error for a failed TLS handshake. The message has the code, such as CERT_HAS_EXPIRED. */
export function tlsFault(cause: unknown): StunError {
  const name = faultName(cause);
  return new StunError('tls', `TLS with the server failed: ${name}`, { fault: faultOfCode[name] ?? 'tls', cause });
}

/** Returns the code of a Node error, such as ECONNREFUSED. If the error has no code, returns its text. */
function faultName(cause: unknown): string {
  const hasCode = typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string';
  return hasCode ? String(cause.code) : String(cause);
}
