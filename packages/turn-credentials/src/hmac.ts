import { hash } from 'node:crypto';

/** Block size of SHA-1 and SHA-256 (FIPS 180-4 §1), bytes. */
const blockBytes = 64;

/** The pads of RFC 2104 §2. */
const innerPad = 0x36;
const outerPad = 0x5c;

const digestBytes = { sha1: 20, sha256: 32 } as const;

/** Size of the shared buffer, bytes. For a longer text, a separate buffer is allocated. */
const textMaxBytes = 1024;

/** Maximum number of bytes in UTF-8 for one UTF-16 unit of a JavaScript string. */
const utf8MaxBytes = 3;

/** Signs the UTF-8 bytes of a text. */
export type Hmac = (text: string, encoding: 'base64' | 'base64url') => string;

/**
 * Creates the HMAC function of one key (RFC 2104): H(key ⊕ opad, H(key ⊕ ipad, text)). The padded keys are computed only once.
 *
 * `crypto.createHmac` allocates an object outside the heap for each text, and the garbage collector frees these objects one by one. In a busy
 * router, this took five times as long as the two hashes.
 *
 * @param key a string is encoded as UTF-8
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
    // The digest is a binary string, because a buffer for each digest takes three times as long.
    outer.write(hash(algorithm, messageOf(text), 'binary'), blockBytes, 'latin1');
    return hash(algorithm, outer, encoding);
  };
}
