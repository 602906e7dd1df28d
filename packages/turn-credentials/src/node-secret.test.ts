import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nodeSecret } from './node-secret.ts';

/**
 * Computed with OpenSSL: openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt key:MASTER
 *   -kdfopt info:"$(printf 'turn-router node secret 1\nNODE')" -binary HKDF | basenc --base64url
 */
test.each([
  ['north-secret-of-2026', 'eu-central-1/node-01', '3s0R4gwohj5c48oF9PUITC-ghj6VxNy0z_QPBS9k-PM'],
  ['north-secret-of-2026', 'eu-central-1/node-02', 'uaA03_SO0XbCoUpR7fdQpbXxjul9aF2BYOhoaBLgLGU'],
  ['south-secret-of-2026', 'eu-central-1/node-01', 'zlFQup4YfKdyWI44PSlcnVMBrJYzXRZpRgQPMgwFsbA'],
  ['c291dGgtc2VjcmV0LW9mLTIwMjY=', 'us-east-1/a', 'ykmgYWieBIZBJdImC1d-E9AKnCIFFtAYIabNBqW9fM4'],
])('derives the same secret from %j for %s in every version, because nodes store it', (masterKey, node, secret) => {
  expect(nodeSecret(masterKey, node)).toBe(secret);
});

const part = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/);
const name = fc.tuple(part, part).map((parts) => parts.join('/'));
const masterKey = fc.stringMatching(/^[\x21-\x2b\x2d-\x7e]{16,80}$/);

test('derives different secrets for different nodes and for different keys', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(masterKey, { minLength: 2, maxLength: 4 }),
      fc.uniqueArray(name, { minLength: 2, maxLength: 20 }),
      (keys, nodes) => {
        const secrets = keys.flatMap((key) => nodes.map((node) => nodeSecret(key, node)));
        expect(new Set([...keys, ...secrets]).size).toBe(keys.length + keys.length * nodes.length);
      },
    ),
  );
});

test('uses only characters that every TURN server accepts', () => {
  fc.assert(fc.property(masterKey, name, (key, node) => expect(nodeSecret(key, node)).toMatch(/^[A-Za-z0-9_-]{43}$/)));
});
