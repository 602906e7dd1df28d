import { hash } from 'node:crypto';

/** Of SHA-1 and SHA-256 alike (FIPS 180-4 §1), bytes. */
const blockBytes = 64;

/** RFC 2104 §2. */
const innerPad = 0x36;
const outerPad = 0x5c;

const digestBytes = { sha1: 20, sha256: 32 } as const;

/** Longer texts are signed from a buffer of their own, bytes. */
const textMaxBytes = 1024;

/** No character of a JavaScript string takes more in UTF-8. */
const utf8MaxBytes = 3;

/** Signs a text, taken as UTF-8. */
export type Hmac = (text: string, encoding: 'base64' | 'base64url') => string;

/**
 * HMAC of one key (RFC 2104): H(key ⊕ opad, H(key ⊕ ipad, text)), with the padded keys made once.
 *
 * `crypto.createHmac` makes an object outside the heap for each text, which the garbage collector has to end one by one: among the requests
 * of a busy router that took five times as long as the two hashes themselves.
 *
 * @param key a text is taken as UTF-8
 */
export function createHmacOf(algorithm: keyof typeof digestBytes, key: string | Uint8Array): Hmac {
  const keyBytes = Buffer.from(key);
  const block = Buffer.alloc(blockBytes);
  (keyBytes.length > blockBytes ? hash(algorithm, keyBytes, 'buffer') : keyBytes).copy(block);
  const inner = Buffer.alloc(blockBytes + textMaxBytes);
  const outer = Buffer.alloc(blockBytes + digestBytes[algorithm]);
  for (const [index, byte] of block.entries()) {
    inner[index] = byte ^ innerPad;
    outer[index] = byte ^ outerPad;
  }

  function messageOf(text: string): Uint8Array {
    if (text.length * utf8MaxBytes > textMaxBytes) {
      return Buffer.concat([inner.subarray(0, blockBytes), Buffer.from(text)]);
    }
    return inner.subarray(0, blockBytes + inner.write(text, blockBytes));
  }

  return (text, encoding) => {
    // As a string of bytes: a buffer for each digest would take three times as long.
    outer.write(hash(algorithm, messageOf(text), 'binary'), blockBytes, 'latin1');
    return hash(algorithm, outer, encoding);
  };
}
