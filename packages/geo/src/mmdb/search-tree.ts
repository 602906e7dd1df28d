/** Where the two records of a node lead, read from the bytes of the search tree. */
export type SearchTree = {
  readonly nodeCount: number;
  /** 32 or 128: how many bits of an address the tree can tell apart. */
  readonly depth: number;
  /**
   * Below `nodeCount`: a node. Equal: nothing known. Above: `nodeCount + 16 +` an offset in the data section.
   * Source: MaxMind DB File Format Specification 2.0, "Binary Search Tree Section".
   */
  readonly follow: (node: number, bit: 0 | 1) => number;
  /** Whether IPv4 addresses have a subtree of their own; an IPv6 tree holds them at `::/96`, if at all. */
  readonly holdsIpv4: () => boolean;
};

type SearchTreeShape = {
  readonly nodeCount: number;
  /** In bits. */
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
