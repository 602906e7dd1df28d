/** RFC 8489 §18.2 and RFC 8656 §17. */
export const methods = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
} as const;

export type MessageClass = 'request' | 'indication' | 'success' | 'error';

/** RFC 8489 §5: C1 is bit 8 of the type, C0 bit 4. */
const classBits: Record<MessageClass, number> = {
  request: 0x000,
  indication: 0x010,
  success: 0x100,
  error: 0x110,
};

/** Interleaves the 12-bit method with the two class bits (RFC 8489 §5, figure 3). */
export function encodeMessageType(messageClass: MessageClass, method: number): number {
  return ((method & 0xf80) << 2) | ((method & 0x070) << 1) | (method & 0x00f) | classBits[messageClass];
}

/** Splits a 14-bit type into class and method. Every value is valid. */
export function decodeMessageType(type: number): { messageClass: MessageClass; method: number } {
  const method = ((type & 0x3e00) >> 2) | ((type & 0x00e0) >> 1) | (type & 0x000f);
  return { messageClass: classFromBits(type & 0x110), method };
}

function classFromBits(bits: number): MessageClass {
  if (bits === classBits.request) return 'request';
  if (bits === classBits.indication) return 'indication';
  return bits === classBits.success ? 'success' : 'error';
}
