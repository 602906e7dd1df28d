import {
  allocateAndRelease,
  proveRelay,
  sendBinding,
  StunError,
  type AddressFamily,
  type AllocationGrant,
  type AllocationOptions,
  type LongTermCredentials,
  type RelayProof,
  type StunServer,
} from '@turn-router/stun';
import type { PassedProbe, ProbeResult } from './probe-round.ts';
import type { ProbeTarget } from './probe-target.ts';

export type ProofRequest = {
  readonly proof: ProbeTarget['proof'];
  readonly credentials: LongTermCredentials;
  readonly options: AllocationOptions;
};

/**
 * Proves that the server grants a relay for a credential signed as the router signs it, and that the relay works. A server that denies its
 * own address as a peer cannot relay to itself: there the allocation counts as proof.
 */
export function proveServer(server: StunServer, { proof, credentials, options }: ProofRequest): Promise<ProbeResult> {
  return resultOf(async () => {
    if (proof === 'allocation') return passed(await allocateAndRelease(server, credentials, options), undefined);
    const { grant, relay } = await proveRelay(server, credentials, options);
    if (relay.ok || relay.error.fault === 'peer_forbidden') return passed(grant, relay);
    return { ...failed(relay.error), relayPort: grant.relayedAddress.port };
  });
}

/** Checks with a Binding that a proven server still answers; keeps the figures of the last proof. */
export function checkServer(
  server: StunServer,
  proven: PassedProbe,
  options: Pick<AllocationOptions, 'timeoutMs' | 'signal'>,
): Promise<ProbeResult> {
  return resultOf(async () => {
    const { roundTripMs } = await sendBinding(server, options);
    return { ...proven, depth: 'binding', bindingLatencyMs: roundTripMs, relayPort: undefined };
  });
}

/**
 * Chooses the family of the relayed address. Over IPv4 it requests none and gets the server's default, like a browser. Over IPv6 it
 * requests IPv6. A server without IPv6 relays (440) passes with its default family, since clients still reach it over IPv6.
 */
export async function preferFamily(
  family: AddressFamily,
  prove: (relayFamily?: AddressFamily) => Promise<ProbeResult>,
): Promise<ProbeResult> {
  if (family === 'IPv4') return prove();
  const result = await prove(family);
  return !result.ok && result.reason === 'family_unsupported' ? prove() : result;
}

async function resultOf(probe: () => Promise<ProbeResult>): Promise<ProbeResult> {
  try {
    return await probe();
  } catch (error) {
    if (error instanceof StunError) return failed(error);
    throw error;
  }
}

function failed(error: StunError): ProbeResult & { ok: false } {
  return { ok: false, reason: error.fault, text: error.message, relayPort: undefined };
}

function passed(grant: AllocationGrant, relay: RelayProof['relay'] | undefined): PassedProbe {
  return {
    ok: true,
    depth: relay?.ok === true ? 'relay' : 'allocation',
    latencyMs: grant.roundTripMs,
    relayLatencyMs: relay?.ok === true ? relay.roundTripMs : undefined,
    bindingLatencyMs: undefined,
    denied: relay?.ok === false,
    relayFamily: grant.relayedAddress.family,
    relayPort: grant.relayedAddress.port,
    software: grant.software,
    certificateExpiresAtMs: grant.certificateExpiresAtMs,
  };
}
