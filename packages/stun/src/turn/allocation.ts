import { attributeTypes } from '../message/attribute-type.ts';
import { methods } from '../message/message-type.ts';
import { readSoftware, requireUint32, requireXorAddress } from '../message/read-attributes.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import { StunError } from '../stun-error.ts';
import { familyNumbers } from '../message/xor-address.ts';
import type { AddressFamily, TransportAddress } from '../transport-address.ts';
import type { LongTermSession, SessionRequest } from './long-term-session.ts';

/** The allocation that the server granted (RFC 8656 §7.3). */
export type AllocationGrant = {
  /** The address at which peers reach the client through the server. */
  readonly relayedAddress: TransportAddress;
  /** The client's address as the server sees it. */
  readonly mappedAddress: TransportAddress;
  readonly lifetimeSeconds: number;
  readonly realm: string;
  /** The server's SOFTWARE, printable and at most 128 characters. */
  readonly software?: string;
  /** TLS only: when the server's certificate expires, Unix time in milliseconds. */
  readonly certificateExpiresAtMs?: number;
  /** The time from the first transmission of the signed Allocate to its response. */
  readonly roundTripMs: number;
};

export type Allocation = {
  readonly grant: AllocationGrant;
  /** Releases the relayed address (RFC 8656 §8). Rejects with a StunError if the server does not confirm the release. */
  readonly release: () => Promise<void>;
  /** Releases the relayed address without waiting for the response. */
  readonly abandon: () => void;
};

/** RFC 8656 §18.8: protocol number 17, UDP, in the first of four bytes. */
const udpRelay: StunAttribute = { type: attributeTypes.requestedTransport, value: Uint8Array.of(17, 0, 0, 0) };
/** RFC 8656 §8.1: a lifetime of 0 seconds deletes the allocation. */
const releaseRequest: SessionRequest = {
  method: methods.refresh,
  attributes: [{ type: attributeTypes.lifetime, value: Uint8Array.of(0, 0, 0, 0) }],
};

/**
 * Allocates a relay (RFC 8656 §7). If there is no response, or if the response is unusable, the server may still have made the allocation. The
 * function then sends a Refresh that releases it, and does not wait for the response. Without this Refresh, each failed probe would use up the
 * user's quota for ten minutes.
 *
 * @param relayFamily default: the server's default family, usually IPv4
 * @throws the same errors as `LongTermSession.request`, and StunError `malformed` if a success response has no addresses
 */
export async function allocate(session: LongTermSession, relayFamily?: AddressFamily): Promise<Allocation> {
  const abandon = () => session.notify(releaseRequest);
  try {
    const grant = await requestGrant(session, relayFamily);
    return { grant, release: async () => void (await session.request(releaseRequest)), abandon };
  } catch (error) {
    const isRefused = error instanceof StunError && (error.code === 'refused' || error.code === 'realm');
    if (!isRefused) abandon();
    throw error;
  }
}

async function requestGrant(session: LongTermSession, family?: AddressFamily): Promise<AllocationGrant> {
  const attributes = family === undefined ? [udpRelay] : [udpRelay, requestedFamily(family)];
  const { message, realm, roundTripMs } = await session.request({ method: methods.allocate, attributes });
  return {
    relayedAddress: requireXorAddress(message, attributeTypes.xorRelayedAddress, 'XOR-RELAYED-ADDRESS'),
    mappedAddress: requireXorAddress(message, attributeTypes.xorMappedAddress, 'XOR-MAPPED-ADDRESS'),
    lifetimeSeconds: requireUint32(message, attributeTypes.lifetime, 'LIFETIME'),
    realm,
    ...readSoftware(message),
    roundTripMs,
  };
}

/** RFC 8656 §18.6: the family in the first of four bytes. */
function requestedFamily(family: AddressFamily): StunAttribute {
  return { type: attributeTypes.requestedAddressFamily, value: Uint8Array.of(familyNumbers[family], 0, 0, 0) };
}
