import ipaddr from 'ipaddr.js';

/** number: double; bigint: unsigned integer. */
export type MmdbValue =
  | string
  | number
  | bigint
  | boolean
  | MmdbPointer
  | readonly MmdbValue[]
  | { [key: string]: MmdbValue };

/** A pointer to any offset of the data section, for deliberately invalid files. */
export class MmdbPointer {
  readonly offset: number;
  constructor(offset: number) {
    this.offset = offset;
  }
}

export type MmdbContent = {
  databaseType: string;
  ipVersion: 4 | 6;
  /** Prefix to record, such as `{'1.2.3.0/24': {country_code: 'GB'}}`; an IPv6 file takes IPv4 prefixes too. */
  networks: Record<string, MmdbValue>;
  recordSize?: 24 | 28 | 32;
  builtAt?: Date;
  /** Overrides fields of the valid metadata. */
  metadata?: Record<string, MmdbValue>;
};

type Target = Node | { offset: number } | undefined;
type Node = [left: Target, right: Target];

/** Writes a MaxMind DB file. Source: MaxMind DB File Format Specification 2.0. */
export function writeMmdb(content: MmdbContent): Buffer {
  const { databaseType, ipVersion, networks, recordSize = 24, builtAt = new Date('2026-06-05T12:00:00Z') } = content;
  const data = new DataWriter();
  const root: Node = [undefined, undefined];
  for (const [prefix, record] of Object.entries(networks))
    insert(root, prefixBits(prefix, ipVersion), data.add(record));
  const nodes = listNodes(root);
  const metadata = new DataWriter();
  metadata.add({
    binary_format_major_version: 2n,
    binary_format_minor_version: 0n,
    build_epoch: BigInt(builtAt.getTime() / 1000),
    database_type: databaseType,
    description: {},
    ip_version: BigInt(ipVersion),
    languages: [],
    node_count: BigInt(nodes.length),
    record_size: BigInt(recordSize),
    ...content.metadata,
  });
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
  return Buffer.concat([treeBytes(nodes, recordSize), Buffer.alloc(16), data.bytes(), marker, metadata.bytes()]);
}

function prefixBits(prefix: string, ipVersion: 4 | 6): string {
  const [address, length] = ipaddr.parseCIDR(prefix);
  const bits = address.toByteArray().map((byte) => byte.toString(2).padStart(8, '0'));
  const above = address.kind() === 'ipv4' && ipVersion === 6 ? '0'.repeat(96) : '';
  return above + bits.join('').slice(0, length);
}

function insert(root: Node, bits: string, offset: number): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const side = bit === '0' ? 0 : 1;
    const child = node[side];
    if (Array.isArray(child)) node = child;
    else node = node[side] = [undefined, undefined];
  }
  node[bits.endsWith('0') ? 0 : 1] = { offset };
}

function listNodes(root: Node): Node[] {
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.filter((target) => Array.isArray(target)));
  return nodes;
}

function treeBytes(nodes: readonly Node[], recordSize: 24 | 28 | 32): Buffer {
  const numberOf = new Map(nodes.map((node, index) => [node, index]));
  const valueOf = (target: Target): number => {
    if (target === undefined) return nodes.length;
    return Array.isArray(target) ? (numberOf.get(target) ?? 0) : nodes.length + 16 + target.offset;
  };
  const digits = recordSize / 4;
  const hex = nodes.map(([left, right]) => {
    const [l, r] = [left, right].map((target) => valueOf(target).toString(16).padStart(digits, '0'));
    // 28 bits: the highest four bits of the left record follow its other 24.
    return recordSize === 28 ? `${l?.slice(1)}${l?.slice(0, 1)}${r}` : `${l}${r}`;
  });
  return Buffer.from(hex.join(''), 'hex');
}

class DataWriter {
  readonly #bytes: number[] = [];
  readonly #strings = new Map<string, number>();

  /** @returns the value's offset */
  add(value: MmdbValue): number {
    const offset = this.#bytes.length;
    if (typeof value === 'string') this.#addString(value);
    else if (typeof value === 'number')
      this.#addHeaded(3, new Uint8Array(new Float64Array([value]).buffer).toReversed());
    else if (typeof value === 'bigint') this.#addHeaded(value > 0xffff_ffffn ? 9 : 6, unsignedBytes(value));
    else if (typeof value === 'boolean') this.#addHead(14, value ? 1 : 0);
    else if (value instanceof MmdbPointer) this.#addPointer(value.offset);
    else if (isList(value)) {
      this.#addHead(11, value.length);
      for (const item of value) this.add(item);
    } else {
      this.#addHead(7, Object.keys(value).length);
      for (const [key, item] of Object.entries(value)) {
        this.add(key);
        this.add(item);
      }
    }
    return offset;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  #addString(text: string): void {
    const known = this.#strings.get(text);
    if (known !== undefined) return this.#addPointer(known);
    this.#strings.set(text, this.#bytes.length);
    this.#addHeaded(2, Buffer.from(text));
  }

  #addHeaded(type: number, payload: Uint8Array): void {
    this.#addHead(type, payload.length);
    this.#bytes.push(...payload);
  }

  #addHead(type: number, size: number): void {
    if (size > 284) throw new RangeError(`Unsupported size ${size}: expected at most 284`);
    this.#bytes.push((type > 7 ? 0 : type << 5) | Math.min(size, 29));
    if (type > 7) this.#bytes.push(type - 7);
    if (size > 28) this.#bytes.push(size - 29);
  }

  #addPointer(offset: number): void {
    if (offset < 2048) this.#bytes.push(0x20 | (offset >> 8), offset & 0xff);
    else this.#bytes.push(0x38, ...new Uint8Array(new Uint32Array([offset]).buffer).toReversed());
  }
}

function unsignedBytes(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

function isList(value: readonly MmdbValue[] | { [key: string]: MmdbValue }): value is readonly MmdbValue[] {
  return Array.isArray(value);
}
