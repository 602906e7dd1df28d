import { transportSchema, type Transport } from '@turn-router/contract';
import { allocateAndRelease, StunError, type StunServer } from '@turn-router/stun';
import { issueCredential, type SigningKey } from '@turn-router/turn-credentials';
import type { Clock } from '../clock.ts';
import type { ProbeTarget } from '../config/reporter-config.ts';
import type { ProbeResult, ProbeRound } from './probe-round.ts';

/** A probe of the TURN server over each of its transports, all at once; ends within the target's timeout, or when `signal` fires. */
export type TurnProbe = (signal: AbortSignal) => Promise<ProbeRound>;

/** Long enough for clocks that differ by most of a minute, short enough to be worth nothing to a thief. */
const credentialTtlSeconds = 60;

/** Proves what a client needs: that the server grants a relay for a credential signed as the router signs. */
export function createTurnProbe(
  { host, ports, serverName, timeoutMs }: ProbeTarget,
  key: SigningKey,
  clock: Clock,
): TurnProbe {
  async function probe(server: StunServer, signal: AbortSignal): Promise<ProbeResult> {
    // A user for each transport, so that a quota of one allocation a user does not fail probes that run side by side.
    const opaqueUserId = `probe-${server.transport}`;
    const credentials = issueCredential({ key, opaqueUserId, nowMs: clock.nowMs(), ttlSeconds: credentialTtlSeconds });
    try {
      const grant = await allocateAndRelease(server, credentials, { timeoutMs, signal });
      return {
        ok: true,
        latencyMs: grant.roundTripMs,
        relayPort: grant.relayedAddress.port,
        software: grant.software,
      };
    } catch (error) {
      if (error instanceof StunError) return { ok: false, reason: error.message };
      throw error;
    }
  }

  const servers = transportSchema.options.flatMap((transport): [Transport, StunServer][] => {
    const port = ports[transport];
    if (port === undefined) return [];
    return [[transport, { host, port, transport, ...(serverName !== undefined && { serverName }) }]];
  });
  return async (signal) =>
    new Map(
      await Promise.all(servers.map(async ([transport, server]) => [transport, await probe(server, signal)] as const)),
    );
}
