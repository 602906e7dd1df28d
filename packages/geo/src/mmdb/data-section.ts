import { MmdbFault } from './mmdb-fault.ts';

/** Far above the deepest GeoIP2 record (4 levels), far below the call stack. */
const maxDepth = 64;
/** Far above the largest GeoIP2 record (some 300 values); what a decoder may have to build for one lookup. */
const maxValues = 10_000;

/** Types of the data section, with the payload sizes in bytes that decoders can read. */
const extendedType = 0;
const pointerType = 1;
const mapType = 7;
const arrayType = 11;
const booleanType = 14;
const payloadBytes: Readonly<Record<number, readonly [least: number, most: number]>> = {
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
const pointerBase = new Map([
  [2, 2048],
  [3, 526_336],
]);
const sizeBase = new Map([
  [1, 29],
  [2, 285],
  [3, 65_821],
]);
const visiting = 0xffff;

/** Takes one record after the other, and checks each pointer's target once. */
export type DataSection = {
  /**
   * Checks a record, which is a map, and all that it holds.
   *
   * @param offset where it starts, in bytes from the section's start
   * @throws MmdbFault
   */
  readonly checkRecord: (offset: number) => void;
};

/**
 * Checks values of one data section (or the metadata, which has the same form): every value lies inside it, has a known type
 * and a fitting size, and no pointer leads back into the value that it belongs to. A decoder can then read it without
 * failing, and in bounded time. Each pointer's target is checked once.
 *
 * Source: MaxMind DB File Format Specification 2.0, "Output Data Section".
 *
 * @param name what a fault calls the section
 */
export function createDataSection(bytes: Buffer, name: string): DataSection {
  /** How many values the value at each offset unfolds to; 0 where nothing was checked yet. */
  const values = new Uint16Array(bytes.length);
  /** So many in the value at hand. */
  let counted = 0;

  function checkTarget(offset: number, depth: number): void {
    if (offset >= bytes.length) throw pastEnd();
    const known = values[offset];
    if (known === visiting) throw new MmdbFault(`is cyclic: a value of its ${name} contains itself`);
    if (known !== undefined && known > 0) return count(known);
    values[offset] = visiting;
    const before = counted;
    counted = 0;
    checkValue(offset, depth);
    values[offset] = counted;
    count(before);
  }

  function count(more: number): void {
    counted += more;
    if (counted > maxValues)
      throw new MmdbFault(`has a value in its ${name} that unfolds to more than ${maxValues} values`);
  }

  /** @returns the offset after the value */
  function checkValue(start: number, depth: number): number {
    if (depth > maxDepth)
      throw new MmdbFault(`has a value in its ${name} that is nested deeper than ${maxDepth} levels`);
    count(1);
    const control = byte(start);
    let type = control >> 5;
    let offset = start + 1;
    if (type === pointerType) return checkPointer(control, offset, depth);
    if (type === extendedType) {
      const beyondMap = byte(offset++);
      type = beyondMap === 0 ? extendedType : mapType + beyondMap;
    }
    let size = control & 0x1f;
    if (size > 28) {
      const extra = size - 28;
      size = (sizeBase.get(extra) ?? 0) + uint(offset, extra);
      offset += extra;
    }
    if (type === booleanType) return offset;
    if (type === mapType || type === arrayType) {
      const children = type === mapType ? size * 2 : size;
      for (let i = 0; i < children; i++) offset = checkValue(offset, depth + 1);
      return offset;
    }
    const payload = payloadBytes[type];
    if (payload === undefined) throw new MmdbFault(`has a value of the unknown type ${type} in its ${name}`);
    if (size < payload[0] || size > payload[1])
      throw new MmdbFault(`has a value of type ${type} and the impossible length of ${size} bytes in its ${name}`);
    if (offset + size > bytes.length) throw pastEnd();
    return offset + size;
  }

  function checkPointer(control: number, offset: number, depth: number): number {
    const length = ((control >> 3) & 3) + 1;
    const high = length === 4 ? 0 : (control & 7) * 2 ** (8 * length);
    checkTarget((pointerBase.get(length) ?? 0) + high + uint(offset, length), depth + 1);
    return offset + length;
  }

  function byte(offset: number): number {
    return uint(offset, 1);
  }

  function uint(offset: number, length: number): number {
    if (offset + length > bytes.length) throw pastEnd();
    return bytes.readUIntBE(offset, length);
  }

  function pastEnd(): MmdbFault {
    return new MmdbFault(`is truncated or damaged: its ${name} leads past its own end`);
  }
  return {
    checkRecord(offset) {
      if (byte(offset) >> 5 !== mapType) throw new MmdbFault(`has a record that is not a map in its ${name}`);
      counted = 0;
      checkTarget(offset, 0);
    },
  };
}
