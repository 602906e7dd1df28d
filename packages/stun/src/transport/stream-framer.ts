import { decodeHeader, headerBytes, headerPrefixBytes } from '../message/message-header.ts';

export type StreamFramer = {
  /**
   * @returns the messages that `chunk` completes, in order
   * @throws StunError `malformed` at the first invalid header, because the start of the next message is then unknown
   */
  readonly push: (chunk: Uint8Array) => Uint8Array[];
};

/** Splits a TCP or TLS stream into messages (RFC 8489 §6.2.2). Buffers at most one message of 64 KiB and 20 bytes. */
export function createStreamFramer(): StreamFramer {
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(chunk) {
      held = Buffer.concat([held, chunk]);
      const frames: Uint8Array[] = [];
      while (held.length >= headerPrefixBytes) {
        const frameLength = headerBytes + decodeHeader(held).bodyLength;
        if (held.length < frameLength) break;
        frames.push(held.subarray(0, frameLength));
        held = held.subarray(frameLength);
      }
      return frames;
    },
  };
}
