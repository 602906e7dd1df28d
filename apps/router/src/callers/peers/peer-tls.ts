import { hkdfSync } from 'node:crypto';

/** Makes this key different from other keys that may be derived from the same secret. */
const purpose = 'turn-router peers 1';

const keyBytes = 32;

/** The PSK identity that clients send. There is only one key, so the identity reveals nothing. */
const identity = 'turn-router';

/** Ephemeral key exchange in addition to the shared key (RFC 7905, ECDHE_PSK). If PEER_SECRET leaks, recorded traffic stays secret. */
const suite = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/**
 * Derives the pre-shared key for TLS (RFC 4279) by HKDF-SHA256 (RFC 5869). No certificates are used: both sides prove that they have PEER_SECRET,
 * and need no host names.
 */
function peerKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes));
}

/** Options for `https.createServer`. Only routers with the same secret can connect. */
export function serverTls(secret: string) {
  const key = peerKey(secret);
  // An identity could be refused with null, which the types forbid. A client with a wrong key fails anyway.
  return { ...suite, pskCallback: () => key };
}

/** Options for an `https.Agent` that connects only to routers with the same secret. */
export function clientTls(secret: string) {
  const psk = peerKey(secret);
  // There are no certificates, so there are no names to check.
  return { ...suite, pskCallback: () => ({ psk, identity }), checkServerIdentity: () => undefined };
}
