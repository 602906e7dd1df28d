/** Where the two records of a node lead, read from the bytes of the search tree. */
export class SearchTree {
  readonly nodeCount: number;
  /** 32 or 128: how many bits of an address the tree can tell apart. */
  readonly depth: number;
  readonly #bytes: Buffer;
  readonly #recordBits: number;

  /** @param bytes exactly `nodeCount * recordSize / 4` bytes; `recordSize` in bits */
  constructor(bytes: Buffer, shape: { nodeCount: number; recordSize: number; ipVersion: number }) {
    this.#bytes = bytes;
    this.#recordBits = shape.recordSize;
    this.nodeCount = shape.nodeCount;
    this.depth = shape.ipVersion === 4 ? 32 : 128;
  }

  /**
   * Below `nodeCount`: a node. Equal: nothing known. Above: `nodeCount + 16 +` an offset in the data section.
   * Source: MaxMind DB File Format Specification 2.0, "Binary Search Tree Section".
   */
  follow(node: number, bit: 0 | 1): number {
    const bytes = this.#bytes;
    const start = (node * this.#recordBits) / 4;
    if (this.#recordBits === 24) return bytes.readUIntBE(start + 3 * bit, 3);
    if (this.#recordBits === 32) return bytes.readUInt32BE(start + 4 * bit);
    const middle = bytes.readUInt8(start + 3);
    return bit === 0
      ? ((middle & 0xf0) << 20) | bytes.readUIntBE(start, 3)
      : ((middle & 0x0f) << 24) | bytes.readUIntBE(start + 4, 3);
  }

  /** Whether IPv4 addresses have a subtree of their own; an IPv6 tree holds them at `::/96`, if at all. */
  holdsIpv4(): boolean {
    let node = 0;
    for (let depth = this.depth; depth > 32 && node < this.nodeCount; depth--) node = this.follow(node, 0);
    return node < this.nodeCount;
  }
}
