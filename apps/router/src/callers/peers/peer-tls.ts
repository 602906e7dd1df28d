import { hkdfSync } from 'node:crypto';

/** Keeps what is derived here apart from whatever else may be derived from the same secret one day. */
const purpose = 'turn-router peers 1';

const keyBytes = 32;

/** Said on the wire by whoever connects; there is one key, so it tells nothing. */
const identity = 'turn-router';

/** An ephemeral exchange of keys beside the shared one (RFC 7905, ECDHE_PSK): what was recorded stays secret when PEER_SECRET gets out. */
const suite = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/**
 * TLS by a shared key (RFC 4279) rather than by certificates: both sides prove that they have PEER_SECRET, and neither needs a name.
 * HKDF-SHA256, RFC 5869.
 */
function peerKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes));
}

/** What `https.createServer` needs so that routers with the same secret can connect, and nobody else. */
export function serverTls(secret: string) {
  const key = peerKey(secret);
  // Null, which no type allows, would be the way to refuse an identity; the wrong key is refused anyway.
  return { ...suite, pskCallback: () => key };
}

/** What an `https.Agent` needs to connect to nobody but routers with the same secret. */
export function clientTls(secret: string) {
  const psk = peerKey(secret);
  // There are no certificates, hence no names in them.
  return { ...suite, pskCallback: () => ({ psk, identity }), checkServerIdentity: () => undefined };
}
