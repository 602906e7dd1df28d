import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { attributeTypes } from './attribute-type.ts';
import { decodeMessage, type ReceivedMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { isIntegrityValid } from './message-integrity.ts';
import { readText } from './read-attributes.ts';
import { findAttribute } from './stun-message.ts';
import { decodeXorAddress } from './xor-address.ts';

const bytes = (hexadecimal: string) => Buffer.from(hexadecimal.replaceAll(/\s/g, ''), 'hex');

/** RFC 5769 §2.1 */
const requestBytes = bytes(`
  00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74
  00240004 6e0001ff 80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020
  00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2 80280004 e57a3bcf`);
/** RFC 5769 §2.2 */
const ipv4Response = bytes(`
  0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220
  00200008 0001a147 e112a643 00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96`);
/** RFC 5769 §2.3 */
const ipv6Response = bytes(`
  01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220
  00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
  00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c`);
/** RFC 5769 §2.4; without FINGERPRINT. */
const longTermRequest = bytes(`
  00010060 2112a442 78ad3433 c6ad72c0 29da412e 00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
  0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
  0014000b 6578616d 706c652e 6f726700 00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666`);

const shortTermKey = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');
/** The vector's password after SASLprep; U+30DE U+30C8 … is "Matrix" in katakana. */
const longTermKeyBytes = createHash('md5').update('マトリックス:example.org:TheMatrIX').digest();

const isSignedWith = (message: ReceivedMessage, key: Uint8Array) =>
  message.signature !== undefined && isIntegrityValid(message.signature, key);
const text = (message: ReceivedMessage, type: number) => readText(findAttribute(message, type) ?? Buffer.from('none'));
const mappedAddress = (message: ReceivedMessage) =>
  decodeXorAddress(findAttribute(message, attributeTypes.xorMappedAddress) ?? Buffer.alloc(0), message.transactionId);

describe('the test vectors of RFC 5769', () => {
  test('§2.1: decodes the sample request and verifies its fingerprint and integrity', () => {
    const message = decodeMessage(requestBytes);
    expect(message).toMatchObject({ messageClass: 'request', method: 0x001 });
    expect(text(message, attributeTypes.software)).toBe('STUN test client');
    expect(text(message, attributeTypes.username)).toBe('evtj:h6vY');
    expect(isSignedWith(message, shortTermKey)).toBe(true);
    expect(isSignedWith(message, Buffer.from('another'))).toBe(false);
  });

  test('§2.2: decodes the address 192.0.2.1:32853 of the sample IPv4 response', () => {
    const message = decodeMessage(ipv4Response);
    expect(message).toMatchObject({ messageClass: 'success', method: 0x001 });
    expect(text(message, attributeTypes.software)).toBe('test vector');
    expect(mappedAddress(message)).toEqual({ address: '192.0.2.1', port: 32_853, family: 'IPv4' });
    expect(isSignedWith(message, shortTermKey)).toBe(true);
  });

  test('§2.3: decodes the address [2001:db8:1234:5678:11:2233:4455:6677]:32853 of the sample IPv6 response', () => {
    const message = decodeMessage(ipv6Response);
    expect(mappedAddress(message)).toEqual({
      address: '2001:db8:1234:5678:11:2233:4455:6677',
      port: 32_853,
      family: 'IPv6',
    });
    expect(isSignedWith(message, shortTermKey)).toBe(true);
  });

  test('§2.4: decodes the sample request with long-term credentials and verifies its integrity', () => {
    const message = decodeMessage(longTermRequest);
    expect(text(message, attributeTypes.username)).toBe('マトリックス');
    expect(text(message, attributeTypes.realm)).toBe('example.org');
    expect(text(message, attributeTypes.nonce)).toBe('f//499k954d6OL34oL9FSTvy64sA');
    expect(isSignedWith(message, longTermKeyBytes)).toBe(true);
  });

  test('§2.4: encodes the same request byte for byte, and adds a FINGERPRINT', () => {
    const written = encodeMessage(decodeMessage(longTermRequest), longTermKeyBytes);
    expect(written.subarray(20, -8)).toEqual(longTermRequest.subarray(20));
    expect(written.subarray(4, 20)).toEqual(longTermRequest.subarray(4, 20));
    expect(written.subarray(0, 4)).toEqual(bytes('00010068'));
    expect(written.subarray(-8, -4)).toEqual(bytes('80280004'));
  });
});
