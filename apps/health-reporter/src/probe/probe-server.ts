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
 * Proves that the server grants a relay for a credential, and that the relay works. The credential is signed in the same way as by the router.
 * If the server denies its own address as a peer, it cannot relay to itself. A successful allocation is then accepted as proof.
 */
export function proveServer(server: StunServer, { proof, credentials, options }: ProofRequest): Promise<ProbeResult> {
  return resultOf(async () => {
    if (proof === 'allocation') return passed(await allocateAndRelease(server, credentials, options), undefined);
    const { grant, relay } = await proveRelay(server, credentials, options);
    if (relay.ok || relay.error.fault === 'peer_forbidden') return passed(grant, relay);
    return { ...failed(relay.error), relayPort: grant.relayedAddress.port };
  });
}

/**
 * Sends a Binding to check that a proven server still answers. An error response proves this too, because a server may ask for credentials first.
 * The result repeats the figures of the last full proof.
 */
export function checkServer(
  server: StunServer,
  proven: PassedProbe,
  options: Pick<AllocationOptions, 'timeoutMs' | 'signal'>,
): Promise<ProbeResult> {
  return resultOf(async () => {
    const passedAgain = { ...proven, depth: 'binding', relayPort: undefined } as const;
    try {
      const { roundTripMs } = await sendBinding(server, options);
      return { ...passedAgain, binding: 'open', bindingLatencyMs: roundTripMs };
    } catch (error) {
      if (!(error instanceof StunError && error.code === 'refused')) throw error;
      return { ...passedAgain, binding: 'refused', bindingLatencyMs: undefined };
    }
  });
}

/**
 * Runs a proof with the right family of the relayed address.
 *
 * - Over IPv4, the request has no family, like a request of a browser. The server uses its default family.
 * - Over IPv6, the request has the family IPv6. If the server has no IPv6 relay address (440), the proof runs again with the default family,
 *   because clients still reach the server over IPv6.
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
    binding: undefined,
    denied: relay?.ok === false,
    relayFamily: grant.relayedAddress.family,
    relayPort: grant.relayedAddress.port,
    software: grant.software,
    certificateExpiresAtMs: grant.certificateExpiresAtMs,
  };
}
