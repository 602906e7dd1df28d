import type { AddressFamily, StunFault } from '@turn-router/stun';
import type { ProbePath } from './probe-path.ts';

/** Why a probe failed; `clock_ahead`: the server's clock is so far ahead that it treats a fresh credential as expired. */
export type ProbeFault = StunFault | 'clock_ahead';

export type PassedProbe = {
  readonly ok: true;
  /** The proof that passed: a datagram through the relay, only an allocation, or a later Binding, which keeps the figures of the proof. */
  readonly depth: 'relay' | 'allocation' | 'binding';
  /** The round trip of the signed Allocate. */
  readonly latencyMs: number;
  /** The time of the datagram through the relay and back. */
  readonly relayLatencyMs: number | undefined;
  /** The round trip of the Binding, if one followed the proof. */
  readonly bindingLatencyMs: number | undefined;
  /** Whether the server denies its own address as a peer, so that relaying could not be tested. */
  readonly denied: boolean;
  readonly relayFamily: AddressFamily;
  /** The relay port that the server bound for this probe, if known. */
  readonly relayPort: number | undefined;
  readonly software: string | undefined;
  /** When the certificate expires, Unix time; TLS only. */
  readonly certificateExpiresAtMs: number | undefined;
};

export type FailedProbe = {
  readonly ok: false;
  readonly reason: ProbeFault;
  /** The reason for people, on one line, without a credential. */
  readonly text: string;
  /** The relay port that the server bound for this probe, if known. */
  readonly relayPort: number | undefined;
};

/** The result of one probe over one path. */
export type ProbeResult = PassedProbe | FailedProbe;

/** The server's verdict on one key of the ring; `place` 0 is the newest. */
export type KeyTrial = { readonly keyId: string; readonly place: number; readonly accepted: boolean };

/** The results of one probe over each configured path, and of the key trials in the same round. */
export type ProbeRound = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  readonly keyTrials: readonly KeyTrial[];
  /** The relay ports that the server bound for the probes. */
  readonly relayPorts: ReadonlySet<number>;
};

/** The state before the first round. */
export const noRound: ProbeRound = { results: new Map(), keyTrials: [], relayPorts: new Set() };

/** Describes the failed paths and their reasons on one line; empty if none failed. */
export function failuresText({ results }: ProbeRound): string {
  return [...results].flatMap(([path, result]) => (result.ok ? [] : [`${path}: ${result.text}`])).join('; ');
}
