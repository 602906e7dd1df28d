import type { ProofPath } from '@turn-router/contract/registry';
import {
  allocateAndRelease,
  proveRelayFromOutside,
  sendBinding,
  StunError,
  type LongTermCredentials,
  type OutsideProof,
  type StunServer,
  type TransportAddress,
} from '@turn-router/stun';
import type { DialledPath } from './dialled-path.ts';

export type PathResult = Pick<ProofPath, 'ok' | 'reason' | 'roundTripMs'>;

export type PathProofOptions = {
  /** Undefined: only a Binding request is sent. */
  readonly credentials: LongTermCredentials | undefined;
  /** The node's UDP port, at which a prober learns its own address. */
  readonly udpPort: number;
  readonly isRelayPermitted: (relayedAddress: TransportAddress) => boolean;
  /** Certificates to trust instead of public authorities. Tests use it. */
  readonly caCertificates?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Proves one path of a node. Never throws a StunError. */
export type ProvePath = (path: DialledPath, options: PathProofOptions) => Promise<PathResult>;

export const provePath: ProvePath = async (path, options) => {
  if (path.address === undefined) return { ok: false, reason: path.fault };
  const { caCertificates } = options;
  const server: StunServer = {
    host: path.address,
    port: path.port,
    transport: path.transport,
    ...(path.serverName !== undefined && { serverName: path.serverName }),
    ...(caCertificates !== undefined && { caCertificates }),
  };
  try {
    return options.credentials === undefined
      ? await bindingOnly(server, options)
      : resultOf(await proveRelay(path, server, { ...options, credentials: options.credentials }));
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return { ok: false, reason: isNoRoute(error) ? 'no_route' : error.fault };
  }
};

/** An answer to any request proves that callers reach the server. coturn with `no-stun` answers no Binding, but it refuses an allocation. */
async function bindingOnly(server: StunServer, { timeoutMs: wholeMs, signal }: PathProofOptions): Promise<PathResult> {
  const timeoutMs = Math.ceil(wholeMs / 2);
  try {
    const { roundTripMs } = await sendBinding(server, { timeoutMs, signal });
    return { ok: true, reason: 'binding_only', roundTripMs };
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    if (error.code === 'refused') return { ok: true, reason: 'no_stun' };
    if (error.code !== 'timeout') throw error;
  }
  try {
    await allocateAndRelease(server, noCredentials, { timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof StunError) || error.code !== 'refused') throw error;
  }
  return { ok: true, reason: 'no_stun' };
}

/** Credentials that every server refuses: they expired in 1970. */
const noCredentials: LongTermCredentials = { username: '1:outside', credential: 'none' };

/** Over IPv6 the server is asked for a relayed address of IPv6. If it has none, its default family is enough: callers reach it over IPv6. */
async function proveRelay(
  { family }: DialledPath,
  server: StunServer,
  { credentials, ...options }: PathProofOptions & { readonly credentials: LongTermCredentials },
): Promise<OutsideProof> {
  if (family === 'ipv4') return proveRelayFromOutside(server, credentials, options);
  try {
    return await proveRelayFromOutside(server, credentials, { ...options, relayFamily: 'IPv6' });
  } catch (error) {
    if (!(error instanceof StunError) || error.fault !== 'family_unsupported') throw error;
    return proveRelayFromOutside(server, credentials, options);
  }
}

function resultOf({ binding, grant, relay }: OutsideProof): PathResult {
  const roundTripMs = binding?.roundTripMs ?? grant.roundTripMs;
  if (relay.ok) return { ok: true, roundTripMs, ...(binding === undefined && { reason: 'no_stun' }) };
  const { fault } = relay.error;
  // Relaying could not be tested from here. The allocation is the proof.
  const isUntested = fault === 'peer_forbidden' || fault === 'family_unsupported';
  return { ok: isUntested, reason: fault, roundTripMs };
}

/** The codes of a system that has no address of a family, or no route. The node is not at fault. */
const noRouteCodes: ReadonlySet<unknown> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

function isNoRoute({ cause }: StunError): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && noRouteCodes.has(cause.code);
}
