import { MmdbFault } from './mmdb-fault.ts';

/** Maximum nesting: far above the deepest GeoIP2 record (4 levels), and far below the limit of the call stack. */
const maxDepth = 64;
/** Maximum number of values that a decoder builds for one lookup: far above the largest GeoIP2 record (about 300 values). */
const maxValues = 10_000;

/** Types of the data section. `payloadBytes` holds the sizes in bytes that decoders can read. */
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

/** The base values of pointers of 2 and 3 bytes, and of sizes that continue in 1, 2 or 3 bytes. */
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

/** Checks records one after the other, and each pointer's target once. */
export type DataSection = {
  /**
   * Checks a record, which must be a map, and everything in it.
   *
   * @param offset start of the record, in bytes from the section's start
   * @throws MmdbFault
   */
  readonly checkRecord: (offset: number) => void;
};

/**
 * Checks the values of a data section, or of the metadata, which has the same format. Every value must lie inside the section and have a
 * known type and a valid size. No pointer may point back into the value that contains it. A decoder can then read the section without
 * errors and in bounded time.
 *
 * Source: MaxMind DB File Format Specification 2.0, "Output Data Section".
 *
 * @param name the section's name in fault messages
 */
export function createDataSection(bytes: Buffer, name: string): DataSection {
  /** The number of values that the value at each offset expands to; 0 if it is not checked yet. */
  const values = new Uint16Array(bytes.length);
  /** The number of values in the current value so far. */
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
      throw new MmdbFault(`has a value in its ${name} that expands to more than ${maxValues} values`);
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
    return new MmdbFault(`is truncated or damaged: a value reaches beyond the end of its ${name}`);
  }
  return {
    checkRecord(offset) {
      if (byte(offset) >> 5 !== mapType) throw new MmdbFault(`has a record that is not a map in its ${name}`);
      counted = 0;
      checkTarget(offset, 0);
    },
  };
}
