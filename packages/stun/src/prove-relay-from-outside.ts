import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { startDeadline } from './deadline.ts';
import { methods } from './message/message-type.ts';
import { bindingOn, type BindingResult } from './send-binding.ts';
import { StunError } from './stun-error.ts';
import type { StunServer } from './stun-server.ts';
import type { TransportAddress } from './transport-address.ts';
import { askOwnAddress, openPeerSocket } from './transport/peer-socket.ts';
import type { AllocationGrant } from './turn/allocation.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import type { LongTermSession } from './turn/long-term-session.ts';
import { relayToPeer } from './turn/relay-to-peer.ts';
import { withAllocation, type AllocationOptions, type HeldAllocation } from './turn/with-allocation.ts';

export type OutsideProofOptions = AllocationOptions & {
  /** The server's UDP port. The peer asks there for its own address. Default: the port of the server. */
  readonly udpPort?: number;
  /** Whether datagrams may go to this relayed address, which the server chooses. Default: any address. */
  readonly isRelayPermitted?: (relayedAddress: TransportAddress) => boolean;
};

export type OutsideProof = {
  /** Undefined: the server answers no Binding request without credentials. coturn does so with `no-stun` and `secure-stun`. */
  readonly binding: BindingResult | undefined;
  readonly grant: AllocationGrant;
  /**
   * The result of one datagram in each direction. With the fault `peer_forbidden`, relaying could not be tested, because the server's rules deny
   * this machine as a peer.
   */
  readonly relay: { readonly ok: true } | { readonly ok: false; readonly error: StunError };
};

/** The share of `timeoutMs` in which a Binding request must be answered. A server without an answer to it may still relay. */
const answerShare = 1 / 4;

/** The number of random bytes in a datagram. They cannot be guessed. */
const payloadBytes = 16;

/**
 * Proves that callers on other machines can use a TURN server:
 *
 * 1. Makes an allocation (RFC 8656 §7).
 * 2. Sends a Binding request over the same connection (RFC 8489 §3).
 * 3. Permits the address of a second socket of this machine, the peer (§9). A permission holds for every port of an IP address.
 * 4. Sends a datagram from the peer to the relayed address, and one from the client to the peer (§11).
 * 5. Releases the allocation (§8).
 *
 * Unlike `proveRelay`, this proof notices a relayed address that nobody can reach, and a server that only sends datagrams back to the client. Pass
 * an IP address as `host`, and the name as `serverName`. Then no second DNS lookup can change the address.
 *
 * @returns a fault of relaying is returned and not thrown
 * @throws StunError if there is no allocation, RangeError for invalid options
 */
export async function proveRelayFromOutside(
  server: StunServer,
  credentials: LongTermCredentials,
  options: OutsideProofOptions,
): Promise<OutsideProof> {
  const askAt = udpAddressOf(server, options.udpPort);
  return withAllocation(server, credentials, options, async (allocation) => {
    const [binding, relay] = await Promise.all([
      tryBinding(allocation, options),
      tryRelay(allocation, { options, askAt }),
    ]);
    return { binding, grant: allocation.grant, relay };
  });
}

/** Returns undefined if the host is a name, because a second lookup could give another address. */
function udpAddressOf({ host, port }: StunServer, udpPort = port): TransportAddress | undefined {
  const version = isIP(host);
  return version === 0 ? undefined : { address: host, port: udpPort, family: version === 4 ? 'IPv4' : 'IPv6' };
}

/** Uses the connection of the allocation, because a second TLS connection would double the bytes of a proof. */
async function tryBinding(
  { connection, deadline: { signal } }: HeldAllocation,
  { timeoutMs }: OutsideProofOptions,
): Promise<BindingResult | undefined> {
  using deadline = startDeadline({ timeoutMs: Math.ceil(timeoutMs * answerShare), signal });
  try {
    return await bindingOn(connection, deadline.signal);
  } catch (error) {
    if (error instanceof StunError) return undefined;
    throw error;
  }
}

async function tryRelay(
  allocation: HeldAllocation,
  { options, askAt }: { options: OutsideProofOptions; askAt: TransportAddress | undefined },
): Promise<OutsideProof['relay']> {
  try {
    await relayBothWays(allocation, options, askAt);
    return { ok: true };
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return { ok: false, error };
  }
}

async function relayBothWays(
  { grant, session, connection, deadline: { signal } }: HeldAllocation,
  { timeoutMs, randomBytes = nodeRandomBytes, isRelayPermitted = () => true }: OutsideProofOptions,
  askAt: TransportAddress | undefined,
): Promise<void> {
  const { relayedAddress, mappedAddress } = grant;
  const { family } = relayedAddress;
  if (!isRelayPermitted(relayedAddress)) {
    throw new StunError('unreachable', 'the relayed address is one that callers cannot use', {
      fault: 'wrong_relay_address',
    });
  }
  await using peer = await openPeerSocket(family);
  let peerAddress: TransportAddress | undefined;
  if (askAt?.family === family) {
    using deadline = startDeadline({ timeoutMs: Math.ceil(timeoutMs * answerShare), signal });
    peerAddress = await askOwnAddress(peer, askAt, { signal: deadline.signal, randomBytes });
  }
  const candidates = [peerAddress, mappedAddress].filter((candidate) => candidate?.family === family);
  await permitAny(
    session,
    candidates.filter((candidate) => candidate !== undefined),
  );
  const datagrams = { toClient: randomBytes(payloadBytes), toPeer: randomBytes(payloadBytes) };
  await relayToPeer(connection, relayedAddress, { peer, peerAddress, ...datagrams, signal });
}

/** Requests a permission for each address. Behind some NATs, the peer has another address than the client, and some servers refuse one of them. */
async function permitAny(session: LongTermSession, candidates: readonly TransportAddress[]): Promise<void> {
  let refusal = new StunError(
    'refused',
    'relaying cannot be tested: the relayed address has another family than this path',
    {
      fault: 'family_unsupported',
    },
  );
  let permitted = 0;
  for (const peer of new Map(candidates.map((candidate) => [candidate.address, candidate])).values()) {
    try {
      // One after the other: a second request needs the nonce that the first may renew.
      // oxlint-disable-next-line no-await-in-loop
      await session.request({ method: methods.createPermission, peer });
      permitted += 1;
    } catch (error) {
      if (!(error instanceof StunError) || error.fault !== 'peer_forbidden') throw error;
      refusal = error;
    }
  }
  if (permitted === 0) throw refusal;
}
