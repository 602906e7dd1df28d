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
 * Proves what a client needs: a relay for a credential signed as the router signs, and that it relays. A server whose rules deny its own
 * address as a peer cannot be asked to relay to itself: there the allocation alone counts.
 */
export function proveServer(server: StunServer, { proof, credentials, options }: ProofRequest): Promise<ProbeResult> {
  return resultOf(async () => {
    if (proof === 'allocation') return passed(await allocateAndRelease(server, credentials, options), undefined);
    const { grant, relay } = await proveRelay(server, credentials, options);
    if (relay.ok || relay.error.fault === 'peer_forbidden') return passed(grant, relay);
    return { ...failed(relay.error), relayPort: grant.relayedAddress.port };
  });
}

/** Whether a server that has been proven a while ago is still there; what it had shown then stands. */
export function askServer(
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
 * Over IPv4 the relayed address is of the family that the server gives who does not ask, as browsers do. Over IPv6 it is an IPv6 one,
 * but where the server has none (440) that is no fault: clients reach it over IPv6 all the same.
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
