import { decodeHeader, HEADER_LENGTH, TELLING_LENGTH } from '../message/message-header.ts';

/** Cuts a TCP or TLS stream into messages (RFC 8489 §6.2.2); holds back at most one, which is 64 KiB and 20 bytes. */
export class StreamFramer {
  #held: Uint8Array = new Uint8Array(0);

  /**
   * @returns the messages that `chunk` completes, in order
   * @throws StunError `malformed` as soon as a header cannot be one; a stream has no way back into step
   */
  push(chunk: Uint8Array): Uint8Array[] {
    this.#held = Buffer.concat([this.#held, chunk]);
    const frames: Uint8Array[] = [];
    while (this.#held.length >= TELLING_LENGTH) {
      const frameLength = HEADER_LENGTH + decodeHeader(this.#held).bodyLength;
      if (this.#held.length < frameLength) break;
      frames.push(this.#held.subarray(0, frameLength));
      this.#held = this.#held.subarray(frameLength);
    }
    return frames;
  }
}
