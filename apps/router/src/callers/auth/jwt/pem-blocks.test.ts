import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readPublicKeys } from './static-jwt-keys.ts';

const pems = [generateKeyPairSync('ed25519'), generateKeyPairSync('rsa', { modulusLength: 2048 })].map(
  ({ publicKey }) => publicKey.export({ format: 'pem', type: 'spki' }).toString(),
);
const keys = pems.map((pem) => createPublicKey(pem).export({ format: 'jwk' }));
const text = pems.join('');

describe('public keys in PEM', () => {
  test.each<[string, string]>([
    ['as written', text],
    ['with the characters \\n', text.replaceAll('\n', String.raw`\n`)],
    ['with the characters \\r\\n', text.replaceAll('\n', String.raw`\r\n`)],
    ['with CRLF', text.replaceAll('\n', '\r\n')],
    ['in quotes', `"${text}"`],
    ['in single quotes, with the characters \\n', `'${text.replaceAll('\n', String.raw`\n`)}'`],
    ['in quotes with blanks around', ` "${text}" \n`],
    ['on one line, with blanks', text.replaceAll('\n', ' ')],
    ['on one line, without blanks', text.replaceAll('\n', '')],
    ['indented', text.replaceAll(/^/gm, '    ')],
  ])('are read %s', (_, changed) => {
    expect(readPublicKeys(changed)).toEqual({ ok: true, keys });
  });

  test.each([`"${text}`, `${text}x`, `x${text}`, text.replace('-----END', '----END'), `${text}"`])(
    'are refused with other characters around them',
    (changed) => {
      expect(readPublicKeys(changed)).toEqual({
        ok: false,
        fault: 'Not a public key: expected PEM, from -----BEGIN PUBLIC KEY----- to its end',
      });
    },
  );
});
