import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeMessage } from '../message/encode-message.ts';
import { StunError } from '../stun-error.ts';
import { createStreamFramer } from './stream-framer.ts';

const messageOf = (software: string) =>
  Buffer.from(
    encodeMessage({
      messageClass: 'success',
      method: 1,
      transactionId: Buffer.alloc(12, 7),
      attributes: [{ type: 0x8022, value: Buffer.from(software) }],
    }),
  );

describe('StreamFramer', () => {
  test('returns the same messages for any split of the stream', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 50 })), fc.array(fc.integer({ min: 1, max: 40 })), (texts, cuts) => {
        const messages = texts.map(messageOf);
        let rest = Buffer.concat(messages);
        const framer = createStreamFramer();
        const frames: Uint8Array[] = [];
        for (const cut of cuts) {
          frames.push(...framer.push(rest.subarray(0, cut)));
          rest = rest.subarray(cut);
        }
        frames.push(...framer.push(rest));
        expect(frames).toEqual(messages);
      }),
    );
  });

  test('buffers half a message until the rest arrives', () => {
    const framer = createStreamFramer();
    const message = messageOf('coturn');
    expect(framer.push(message.subarray(0, 7))).toEqual([]);
    expect(framer.push(message.subarray(7, -1))).toEqual([]);
    expect(framer.push(message.subarray(-1))).toEqual([message]);
  });

  test('rejects a stream that is not STUN after eight bytes', () => {
    const framer = createStreamFramer();
    expect(framer.push(Buffer.from('HTTP/1.'))).toEqual([]);
    expect(() => framer.push(Buffer.from('1'))).toThrow(
      new StunError('malformed', 'not a valid STUN message: the first two bits are not zero'),
    );
  });
});
