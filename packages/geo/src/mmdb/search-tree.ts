/** The search tree of a MaxMind DB file. */
export type SearchTree = {
  readonly nodeCount: number;
  /** Maximum depth: 32 or 128 bits of an address. */
  readonly depth: number;
  /**
   * Follows one record of a node. A result below `nodeCount` is a node. The result `nodeCount` means that the file has no data for the
   * address. A result above `nodeCount` is `nodeCount + 16 +` an offset in the data section.
   * Source: MaxMind DB File Format Specification 2.0, "Binary Search Tree Section".
   */
  readonly follow: (node: number, bit: 0 | 1) => number;
  /** Whether the tree has a subtree for IPv4 addresses. In an IPv6 tree it is at `::/96`. */
  readonly holdsIpv4: () => boolean;
};

type SearchTreeShape = {
  readonly nodeCount: number;
  /** Bits. */
  readonly recordSize: number;
  readonly ipVersion: number;
};

/** @param bytes exactly `nodeCount * recordSize / 4` bytes */
export function createSearchTree(bytes: Buffer, { nodeCount, recordSize, ipVersion }: SearchTreeShape): SearchTree {
  const addressBits = ipVersion === 4 ? 32 : 128;

  function follow(node: number, bit: 0 | 1): number {
    const start = (node * recordSize) / 4;
    if (recordSize === 24) return bytes.readUIntBE(start + 3 * bit, 3);
    if (recordSize === 32) return bytes.readUInt32BE(start + 4 * bit);
    const middle = bytes.readUInt8(start + 3);
    return bit === 0
      ? ((middle & 0xf0) << 20) | bytes.readUIntBE(start, 3)
      : ((middle & 0x0f) << 24) | bytes.readUIntBE(start + 4, 3);
  }

  return {
    nodeCount,
    depth: addressBits,
    follow,
    holdsIpv4() {
      let node = 0;
      for (let depth = addressBits; depth > 32 && node < nodeCount; depth--) node = follow(node, 0);
      return node < nodeCount;
    },
  };
}
