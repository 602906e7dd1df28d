import type { Transport } from '@turn-router/contract';

/** What one probe over one transport showed. */
export type ProbeResult =
  | {
      readonly ok: true;
      readonly latencyMs: number;
      /** Where the server would have relayed from. */
      readonly relayPort: number;
      readonly software: string | undefined;
    }
  | { readonly ok: false; readonly reason: string };

/** One probe over each configured transport. */
export type ProbeRound = ReadonlyMap<Transport, ProbeResult>;

/** What failed and why, on one line; empty when nothing did. */
export function failuresText(round: ProbeRound): string {
  return [...round].flatMap(([transport, result]) => (result.ok ? [] : [`${transport}: ${result.reason}`])).join('; ');
}

/** Ports that the server bound for the probes themselves. */
export function probedPorts(round: ProbeRound): Set<number> {
  return new Set([...round.values()].flatMap((result) => (result.ok ? [result.relayPort] : [])));
}
