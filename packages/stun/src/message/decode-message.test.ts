import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StunError } from '../stun-error.ts';
import { judgeResponse } from '../transaction/judge-response.ts';
import { readChallenge } from '../turn/long-term-session.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeErrorCode, readErrorCode } from './error-code.ts';
import { isIntegrityValid } from './message-integrity.ts';
import { decodeMessageType, encodeMessageType } from './message-type.ts';
import { readSoftware, requireUint32, requireXorAddress } from './read-attributes.ts';

const bytes = (hexadecimal: string) => Buffer.from(hexadecimal.replaceAll(/\s/g, ''), 'hex');
const idHex = '0102030405060708090a0b0c';

const anyMessage = fc.record({
  messageClass: fc.constantFrom('request', 'indication', 'success', 'error'),
  method: fc.integer({ min: 0, max: 0xfff }),
  transactionId: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  attributes: fc.array(
    fc.record({
      // Without MESSAGE-INTEGRITY and FINGERPRINT, which the codec handles.
      type: fc.oneof(
        fc.constantFrom(0x0006, 0x0009, 0x000d, 0x0014, 0x0015, 0x0016, 0x0020, 0x8022),
        fc.integer({ min: 0x8100, max: 0xffff }),
      ),
      value: fc.uint8Array({ maxLength: 40 }),
    }),
    { maxLength: 6 },
  ),
});
const anyKey = fc.option(fc.uint8Array({ minLength: 1, maxLength: 64 }), { nil: undefined });

/** Returns any error except the one that a reader may throw. */
function unexpectedErrorOf(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof StunError && error.code === 'malformed' ? undefined : error;
  }
}

/** Runs every reader of untrusted responses. */
function unexpectedErrorsOf(input: Uint8Array): unknown[] {
  const decode = () => decodeMessage(input);
  return [
    decode,
    () => readErrorCode(decode()),
    () => readSoftware(decode()),
    () => readChallenge(decode()),
    () => requireUint32(decode(), 0x000d, 'LIFETIME'),
    () => requireXorAddress(decode(), 0x0020, 'XOR-MAPPED-ADDRESS'),
    () => judgeResponse(decode(), { method: 1, integrityKey: Buffer.from('key') }),
  ]
    .map(unexpectedErrorOf)
    .filter((error) => error !== undefined);
}

const withErrorCode = (value: Uint8Array) => ({
  messageClass: 'error' as const,
  method: 1,
  transactionId: Buffer.alloc(12),
  attributes: [{ type: 0x0009, value }],
});

describe('decodeMessage', () => {
  test.each([
    ['nothing', '', '0 bytes are too short for a header'],
    ['half a header', '00010000 2112a442', '8 bytes are too short for a header'],
    ['ChannelData', `40010000 2112a442 ${idHex}`, 'the first two bits are not zero'],
    ['RFC 3489, without a cookie', `01010000 00000000 ${idHex}`, 'the magic cookie is missing'],
    ['an odd length', `01010003 2112a442 ${idHex} 000000`, 'the length 3 is not a multiple of 4'],
    [
      'a truncated message',
      `01010008 2112a442 ${idHex} 80220000`,
      'the header gives a length of 28 bytes, but the message has 24 bytes',
    ],
    [
      'trailing bytes',
      `01010000 2112a442 ${idHex} 80220000`,
      'the header gives a length of 20 bytes, but the message has 24 bytes',
    ],
    [
      'an attribute past the end',
      `01010004 2112a442 ${idHex} 80220001`,
      'attribute 0x8022 of 1 bytes is longer than the rest of the message',
    ],
    ['a short signature', `01010008 2112a442 ${idHex} 00080004 00000000`, 'MESSAGE-INTEGRITY has 4 bytes, expected 20'],
    ['a wrong fingerprint', `01010008 2112a442 ${idHex} 80280004 00000000`, 'FINGERPRINT does not match'],
    [
      'a fingerprint before the end',
      `0101000c 2112a442 ${idHex} 80280004 00000000 80220000`,
      'FINGERPRINT is not the last attribute, or is not 4 bytes long',
    ],
  ])('%s is malformed', (_case, hexadecimal, fault) => {
    expect(() => decodeMessage(bytes(hexadecimal))).toThrow(
      new StunError('malformed', `not a valid STUN message: ${fault}`),
    );
  });

  test('omits attributes after MESSAGE-INTEGRITY', () => {
    const message = decodeMessage(bytes(`01010020 2112a442 ${idHex} 00080014 ${'00'.repeat(20)} 000d0004 00000258`));
    expect(message.attributes).toEqual([]);
    expect(message.signature?.integrityOffset).toBe(20);
  });

  test('decodes every encoded message to the same message, whose signature is valid only for its key', () => {
    fc.assert(
      fc.property(anyMessage, anyKey, (message, key) => {
        const { signature, ...read } = decodeMessage(encodeMessage(message, key));
        expect({ ...read, transactionId: Uint8Array.from(read.transactionId) }).toEqual({
          ...message,
          attributes: message.attributes.map(({ type, value }) => ({ type, value: Buffer.from(value) })),
        });
        expect(signature && isIntegrityValid(signature, key ?? Buffer.alloc(0))).toBe(key && true);
        expect(signature && isIntegrityValid(signature, Buffer.from('another key'))).toBe(key && false);
      }),
    );
  });

  test('decodes random bytes to a message or throws only `malformed`', () => {
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .uint8Array({ maxLength: 200 })
        .map((body) => Buffer.concat([bytes('0101'), Buffer.from([0, body.length]), bytes(`2112a442 ${idHex}`), body])),
    );
    fc.assert(
      fc.property(input, (random) => {
        expect(unexpectedErrorsOf(random)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('decodes a valid message with bytes changed, cut or repeated to a message, or throws only `malformed`', () => {
    const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(anyMessage, anyKey, fc.array(change, { maxLength: 4 }), fc.nat(), (message, key, changes, cut) => {
        const mutated = Buffer.from(encodeMessage(message, key));
        for (const { at, to } of changes) mutated[at % mutated.length] = to;
        expect(unexpectedErrorsOf(mutated)).toEqual([]);
        expect(unexpectedErrorsOf(mutated.subarray(0, cut % mutated.length))).toEqual([]);
        expect(unexpectedErrorsOf(Buffer.concat([mutated, mutated]))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('message types', () => {
  test('convert all 16384 values to one class and method, and back', () => {
    for (let type = 0; type < 0x4000; type += 1) {
      const { messageClass, method } = decodeMessageType(type);
      expect(encodeMessageType(messageClass, method)).toBe(type);
    }
  });

  test.each([
    ['request', 0x001, 0x0001],
    ['success', 0x001, 0x0101],
    ['error', 0x003, 0x0113],
    ['indication', 0x006, 0x0016],
    ['success', 0xfff, 0x3fef],
  ] as const)('%s of method %i is %i on the wire', (messageClass, method, type) => {
    expect(encodeMessageType(messageClass, method)).toBe(type);
  });
});

describe('readErrorCode', () => {
  test('reads the code and at most 128 printable characters of the reason', () => {
    const reason = `Stale\u001b[31m\r\n\u2028\u202e Nonce${'!'.repeat(200)}`;
    expect(readErrorCode(withErrorCode(encodeErrorCode({ code: 438, reason })))).toEqual({
      code: 438,
      reason: `Stale[31m Nonce${'!'.repeat(113)}`,
    });
  });

  test.each([
    ['200', [0, 0, 2, 0]],
    ['700', [0, 0, 7, 0]],
    ['4 and 100', [0, 0, 4, 100]],
    ['a truncated value', [0, 0, 4]],
    ['an empty value', []],
  ])('%s is malformed', (_case, value) => {
    expect(() => readErrorCode(withErrorCode(Uint8Array.from(value)))).toThrow(
      new StunError('malformed', 'not a valid STUN message: ERROR-CODE is not from 300 to 699'),
    );
  });
});
