import type { AddressFamily, StunFault } from '@turn-router/stun';
import type { BindingAnswer } from './ask-binding.ts';
import type { ProbePath } from './probe-path.ts';

/** The reason why a probe failed. `clock_ahead`: the server's clock is so far ahead that the server treats a fresh credential as expired. */
export type ProbeFault = StunFault | 'clock_ahead';

export type PassedProbe = {
  readonly ok: true;
  /** The kind of proof: a datagram through the relay, only an allocation, or a later Binding. A Binding repeats the figures of the last full proof. */
  readonly depth: 'relay' | 'allocation' | 'binding';
  /** The round trip of the signed Allocate. */
  readonly latencyMs: number;
  /** The time of the datagram through the relay and back. */
  readonly relayLatencyMs: number | undefined;
  /** The round trip of the Binding, if one followed the proof. */
  readonly bindingLatencyMs: number | undefined;
  /** The server's answer to a Binding without credentials; undefined if it was not asked. */
  readonly binding: BindingAnswer | undefined;
  /** Whether relaying could not be tested, because the server denies its own address as a peer. */
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
  /** The reason in words, on one line, without a credential. */
  readonly text: string;
  /** The relay port that the server bound for this probe, if known. */
  readonly relayPort: number | undefined;
};

/** The result of one probe over one path. */
export type ProbeResult = PassedProbe | FailedProbe;

/** Whether the server accepted one key of the key ring. `place` is the key's position in the ring; 0 is the newest key. */
export type KeyTrial = { readonly keyId: string; readonly place: number; readonly accepted: boolean };

/** One round of probes: the result of each configured path, and the results of the key trials. */
export type ProbeRound = {
  readonly results: ReadonlyMap<ProbePath, ProbeResult>;
  readonly keyTrials: readonly KeyTrial[];
  /** The relay ports that the server bound for the probes. */
  readonly relayPorts: ReadonlySet<number>;
};

/** The value before the first round. */
export const noRound: ProbeRound = { results: new Map(), keyTrials: [], relayPorts: new Set() };

/** Returns the failed paths and their reasons on one line. Returns the empty text if no path failed. */
export function failuresText({ results }: ProbeRound): string {
  return [...results].flatMap(([path, result]) => (result.ok ? [] : [`${path}: ${result.text}`])).join('; ');
}
