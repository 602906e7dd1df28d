import type { AddressFamily, StunFault } from '@turn-router/stun';
import type { ProbePath } from './probe-path.ts';

/** Why a probe failed; `clock_ahead`: the server takes a fresh credential for an expired one. */
export type ProbeFault = StunFault | 'clock_ahead';

export type PassedProbe = {
  readonly ok: true;
  /** What passed: a datagram through the relay, an allocation alone, or a Binding some time after one of these, whose figures then stand. */
  readonly depth: 'relay' | 'allocation' | 'binding';
  /** Of the signed Allocate. */
  readonly latencyMs: number;
  /** Of the datagram through the relay and back. */
  readonly relayLatencyMs: number | undefined;
  /** Of the Binding, where there was one since. */
  readonly bindingLatencyMs: number | undefined;
  /** Whether the server's rules deny its own address as a peer, so that nothing could be relayed to it. */
  readonly denied: boolean;
  readonly relayFamily: AddressFamily;
  /** What the server bound, as with failures. */
  readonly relayPort: number | undefined;
  readonly software: string | undefined;
  /** TLS only, Unix time. */
  readonly certificateExpiresAtMs: number | undefined;
};

export type FailedProbe = {
  readonly ok: false;
  readonly reason: ProbeFault;
  /** The reason in words, on one line, without a credential. */
  readonly text: string;
  /** Bound by the server for this probe, where one was and is known. */
  readonly relayPort: number | undefined;
};

/** What one probe over one path showed. */
export type ProbeResult = PassedProbe | FailedProbe;

/** The server's word on one key of the ring; `place` 0 is the newest. */
export type KeyTrial = { readonly keyId: string; readonly place: number; readonly accepted: boolean };

/** One probe over each configured path, and what came out about keys meanwhile. */
export type ProbeRound = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  readonly keyTrials: readonly KeyTrial[];
  /** Ports that the server bound for the probes themselves. */
  readonly relayPorts: ReadonlySet<number>;
};

/** Before the first. */
export const noRound: ProbeRound = { results: new Map(), keyTrials: [], relayPorts: new Set() };

/** What failed and why, on one line; empty when nothing did. */
export function failuresText({ results }: ProbeRound): string {
  return [...results].flatMap(([path, result]) => (result.ok ? [] : [`${path}: ${result.text}`])).join('; ');
}
