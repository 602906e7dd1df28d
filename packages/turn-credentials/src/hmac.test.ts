import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHmacOf } from './hmac.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const base64 = (digest: string) => hex(digest).toString('base64');

describe('HMAC-SHA1 matches the test vectors of RFC 2202 §3', () => {
  test.each([
    ['a key of 20 bytes', Buffer.alloc(20, 0x0b), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
    ['a short key', 'Jefe', 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
    [
      'a key longer than a block',
      Buffer.alloc(80, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      'aa4ae5e15272d00e95705637ce8a3b55ed402112',
    ],
    [
      'a key longer than a block and a longer text',
      Buffer.alloc(80, 0xaa),
      'Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data',
      'e8e99d0f45237d786d6bbaa7965c7808bbff1a91',
    ],
  ])('%s', (_name, key, text, digest) => {
    expect(createHmacOf('sha1', key)(text, 'base64')).toBe(base64(digest));
  });
});

describe('HMAC-SHA256 matches the test vectors of RFC 4231 §4', () => {
  test.each([
    [
      'a key of 20 bytes',
      Buffer.alloc(20, 0x0b),
      'Hi There',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      'a key longer than a block',
      Buffer.alloc(131, 0xaa),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('%s', (_name, key, text, digest) => {
    expect(createHmacOf('sha256', key)(text, 'base64')).toBe(base64(digest));
  });
});

test('matches node:crypto for any key and any sequence of texts', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sha1' as const, 'sha256' as const),
      fc.oneof(fc.string({ maxLength: 200, unit: 'binary' }), fc.uint8Array({ maxLength: 200 })),
      fc.array(fc.string({ maxLength: 500, unit: 'binary' }), { maxLength: 4 }),
      (algorithm, key, texts) => {
        const hmac = createHmacOf(algorithm, key);
        for (const text of texts) {
          expect(hmac(text, 'base64url')).toBe(createHmac(algorithm, key).update(text).digest('base64url'));
        }
      },
    ),
    { seed: 2104 },
  );
});
