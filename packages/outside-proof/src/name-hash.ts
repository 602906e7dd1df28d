/** FNV-1a, 32 bits: its offset basis and prime (draft-eastlake-fnv). */
const fnvOffset = 0x81_1c_9d_c5;
const fnvPrime = 0x01_00_01_93;

/** Returns an unsigned number of 32 bits. The same text has the same number in every process and on every machine. */
export function hashOfName(name: string): number {
  let hash = fnvOffset;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), fnvPrime);
  return mix(hash);
}

/** Returns the weight of a prober for a target, from the hashes of their names. */
export type Weigh = (target: number, prober: number) => number;

/** Returns the hash of an ordered pair of hashes. Two targets order the same probers independently of each other. */
export function hashOfPair(target: number, prober: number): number {
  return mix(Math.imul(target, 0x9e_37_79_b1) + Math.imul(prober ^ 0x5b_d1_e9_95, 0x85_eb_ca_77));
}

/** The last step of MurmurHash3 (`fmix32`): each bit of the input changes each bit of the result with probability 1/2. */
function mix(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85_eb_ca_6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2_b2_ae_35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
