import { ATTRIBUTE } from '../message/attribute-type.ts';
import { METHOD } from '../message/message-type.ts';
import { readSoftware, requireUint32, requireXorAddress } from '../message/read-attributes.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import { StunError } from '../stun-error.ts';
import { FAMILY } from '../message/xor-address.ts';
import type { AddressFamily, TransportAddress } from '../transport-address.ts';
import type { LongTermSession, SessionRequest } from './long-term-session.ts';

/** What the server granted (RFC 8656 §7.3). */
export type AllocationGrant = {
  /** Where peers reach the client through the server. */
  relayedAddress: TransportAddress;
  /** Where the server sees the client. */
  mappedAddress: TransportAddress;
  lifetimeSeconds: number;
  realm: string;
  /** The server's SOFTWARE, printable and at most 128 characters. */
  software?: string;
  /** TLS only: when the server's certificate ends, Unix time in milliseconds. */
  certificateExpiresAtMs?: number;
  /** From first sending the signed Allocate to its answer, repetitions included. */
  roundTripMs: number;
};

export type Allocation = {
  grant: AllocationGrant;
  /** Gives the relayed address back (RFC 8656 §8); rejects with StunError when the server does not confirm it. */
  release(): Promise<void>;
  /** The same without waiting for an answer: for when there is no time left. */
  abandon(): void;
};

/** RFC 8656 §18.8: protocol number 17, UDP, in the first of four bytes. */
const UDP_RELAY: StunAttribute = { type: ATTRIBUTE.requestedTransport, value: Uint8Array.of(17, 0, 0, 0) };
/** RFC 8656 §8.1: a lifetime of 0 seconds deletes the allocation. */
const GIVE_BACK: SessionRequest = {
  method: METHOD.refresh,
  attributes: [{ type: ATTRIBUTE.lifetime, value: Uint8Array.of(0, 0, 0, 0) }],
};

/**
 * RFC 8656 §7. When the outcome stays unknown or the answer is of no use, a Refresh that nobody waits for frees what the
 * server may have set aside; otherwise a failing probe would eat the user's quota for ten minutes each time.
 *
 * @param relayFamily default: what the server gives who does not ask, usually IPv4
 * @throws StunError as `LongTermSession.request` does, and `malformed` for a success without the addresses
 */
export async function allocate(session: LongTermSession, relayFamily?: AddressFamily): Promise<Allocation> {
  const abandon = () => session.notify(GIVE_BACK);
  try {
    const grant = await requestGrant(session, relayFamily);
    return { grant, release: async () => void (await session.request(GIVE_BACK)), abandon };
  } catch (error) {
    const isRefused = error instanceof StunError && (error.code === 'refused' || error.code === 'realm');
    if (!isRefused) abandon();
    throw error;
  }
}

async function requestGrant(session: LongTermSession, family?: AddressFamily): Promise<AllocationGrant> {
  const attributes = family === undefined ? [UDP_RELAY] : [UDP_RELAY, requestedFamily(family)];
  const { message, realm, roundTripMs } = await session.request({ method: METHOD.allocate, attributes });
  return {
    relayedAddress: requireXorAddress(message, ATTRIBUTE.xorRelayedAddress, 'XOR-RELAYED-ADDRESS'),
    mappedAddress: requireXorAddress(message, ATTRIBUTE.xorMappedAddress, 'XOR-MAPPED-ADDRESS'),
    lifetimeSeconds: requireUint32(message, ATTRIBUTE.lifetime, 'LIFETIME'),
    realm,
    ...readSoftware(message),
    roundTripMs,
  };
}

/** RFC 8656 §18.6: the family in the first of four bytes. */
function requestedFamily(family: AddressFamily): StunAttribute {
  return { type: ATTRIBUTE.requestedAddressFamily, value: Uint8Array.of(FAMILY[family], 0, 0, 0) };
}
