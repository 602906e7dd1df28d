/** The attributes that this client reads or writes (RFC 8489 §18.3 and RFC 8656 §18). */
export const attributeTypes = {
  /** RFC 8489 §14.3 */ username: 0x0006,
  /** RFC 8489 §14.5 */ messageIntegrity: 0x0008,
  /** RFC 8489 §14.8 */ errorCode: 0x0009,
  /** RFC 8656 §18.2 */ lifetime: 0x000d,
  /** RFC 8656 §18.3 */ xorPeerAddress: 0x0012,
  /** RFC 8656 §18.4 */ data: 0x0013,
  /** RFC 8489 §14.9 */ realm: 0x0014,
  /** RFC 8489 §14.10 */ nonce: 0x0015,
  /** RFC 8656 §18.5 */ xorRelayedAddress: 0x0016,
  /** RFC 8656 §18.6 */ requestedAddressFamily: 0x0017,
  /** RFC 8656 §18.8 */ requestedTransport: 0x0019,
  /** RFC 8489 §14.2 */ xorMappedAddress: 0x0020,
  /** RFC 8489 §14.14 */ software: 0x8022,
  /** RFC 8489 §14.7 */ fingerprint: 0x8028,
} as const;

/** Attributes that this client ignores, but understands in the sense of RFC 8489 §14. So a response may have them. */
const unread = [
  0x0001, // MAPPED-ADDRESS, RFC 8489 §14.1
  0x000a, // UNKNOWN-ATTRIBUTES, RFC 8489 §14.13
  0x001c, // MESSAGE-INTEGRITY-SHA256, RFC 8489 §14.6
  0x0022, // RESERVATION-TOKEN, RFC 8656 §18.10
];

const understood = new Set<number>([...Object.values(attributeTypes), ...unread]);

/** Whether the attribute makes a message unusable. The receiver must understand attributes with types below 0x8000 (RFC 8489 §14). */
export function isUnknownAndRequired(type: number): boolean {
  return type < 0x8000 && !understood.has(type);
}
