import { MmdbFault } from './mmdb-fault.ts';

/** Far above the deepest GeoIP2 record (4 levels), far below the call stack. */
const MAX_DEPTH = 64;
/** Far above the largest GeoIP2 record (some 300 values); what a decoder may have to build for one lookup. */
const MAX_VALUES = 10_000;

/** Types of the data section, with the payload sizes in bytes that decoders can read. */
const EXTENDED = 0;
const POINTER = 1;
const MAP = 7;
const ARRAY = 11;
const BOOLEAN = 14;
const PAYLOAD_BYTES: Readonly<Record<number, readonly [least: number, most: number]>> = {
  2: [0, Infinity], // UTF-8 string
  3: [8, 8], // double
  4: [0, Infinity], // bytes
  5: [0, 2], // uint16
  6: [0, 4], // uint32
  8: [0, 4], // int32
  9: [0, 8], // uint64
  10: [0, 16], // uint128
  15: [4, 4], // float
};

/** What a pointer of 1, 2, 3 or 4 bytes, and a size continued in 1, 2 or 3 bytes, count from. */
const POINTER_BASE = new Map([
  [2, 2048],
  [3, 526_336],
]);
const SIZE_BASE = new Map([
  [1, 29],
  [2, 285],
  [3, 65_821],
]);
const VISITING = 0xffff;

/**
 * Checks values of one data section (or the metadata, which has the same form): every value lies inside it, has a known type
 * and a fitting size, and no pointer leads back into the value that it belongs to. A decoder can then read it without
 * failing, and in bounded time. Each pointer's target is checked once.
 *
 * Source: MaxMind DB File Format Specification 2.0, "Output Data Section".
 */
export class DataSection {
  readonly #name: string;
  readonly #bytes: Buffer;
  /** How many values the value at each offset unfolds to; 0 where nothing was checked yet. */
  readonly #values: Uint16Array;
  /** So many in the value at hand. */
  #counted = 0;

  /** @param name what a fault calls the section */
  constructor(bytes: Buffer, name: string) {
    this.#name = name;
    this.#bytes = bytes;
    this.#values = new Uint16Array(bytes.length);
  }

  /**
   * Checks a record, which is a map, and all that it holds.
   *
   * @param offset where it starts, in bytes from the section's start
   * @throws MmdbFault
   */
  checkRecord(offset: number): void {
    if (this.#byte(offset) >> 5 !== MAP) throw new MmdbFault(`has a record that is not a map in its ${this.#name}`);
    this.#counted = 0;
    this.#checkTarget(offset, 0);
  }

  #checkTarget(offset: number, depth: number): void {
    if (offset >= this.#bytes.length) throw this.#pastEnd();
    const known = this.#values[offset];
    if (known === VISITING) throw new MmdbFault(`is cyclic: a value of its ${this.#name} contains itself`);
    if (known !== undefined && known > 0) return this.#count(known);
    this.#values[offset] = VISITING;
    const before = this.#counted;
    this.#counted = 0;
    this.#checkValue(offset, depth);
    this.#values[offset] = this.#counted;
    this.#count(before);
  }

  #count(values: number): void {
    this.#counted += values;
    if (this.#counted > MAX_VALUES)
      throw new MmdbFault(`has a value in its ${this.#name} that unfolds to more than ${MAX_VALUES} values`);
  }

  /** @returns the offset after the value */
  #checkValue(start: number, depth: number): number {
    if (depth > MAX_DEPTH)
      throw new MmdbFault(`has a value in its ${this.#name} that is nested deeper than ${MAX_DEPTH} levels`);
    this.#count(1);
    const control = this.#byte(start);
    let type = control >> 5;
    let offset = start + 1;
    if (type === POINTER) return this.#checkPointer(control, offset, depth);
    if (type === EXTENDED) {
      const beyondMap = this.#byte(offset++);
      type = beyondMap === 0 ? EXTENDED : MAP + beyondMap;
    }
    let size = control & 0x1f;
    if (size > 28) {
      const extra = size - 28;
      size = (SIZE_BASE.get(extra) ?? 0) + this.#uint(offset, extra);
      offset += extra;
    }
    if (type === BOOLEAN) return offset;
    if (type === MAP || type === ARRAY) {
      const children = type === MAP ? size * 2 : size;
      for (let i = 0; i < children; i++) offset = this.#checkValue(offset, depth + 1);
      return offset;
    }
    const payload = PAYLOAD_BYTES[type];
    if (payload === undefined) throw new MmdbFault(`has a value of the unknown type ${type} in its ${this.#name}`);
    if (size < payload[0] || size > payload[1])
      throw new MmdbFault(
        `has a value of type ${type} and the impossible length of ${size} bytes in its ${this.#name}`,
      );
    if (offset + size > this.#bytes.length) throw this.#pastEnd();
    return offset + size;
  }

  #checkPointer(control: number, offset: number, depth: number): number {
    const bytes = ((control >> 3) & 3) + 1;
    const high = bytes === 4 ? 0 : (control & 7) * 2 ** (8 * bytes);
    this.#checkTarget((POINTER_BASE.get(bytes) ?? 0) + high + this.#uint(offset, bytes), depth + 1);
    return offset + bytes;
  }

  #byte(offset: number): number {
    return this.#uint(offset, 1);
  }

  #uint(offset: number, bytes: number): number {
    if (offset + bytes > this.#bytes.length) throw this.#pastEnd();
    return this.#bytes.readUIntBE(offset, bytes);
  }

  #pastEnd(): MmdbFault {
    return new MmdbFault(`is truncated or damaged: its ${this.#name} leads past its own end`);
  }
}
