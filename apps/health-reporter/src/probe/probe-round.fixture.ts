import type { ProbePath } from './probe-path.ts';
import type { FailedProbe, PassedProbe, ProbeResult, ProbeRound } from './probe-round.ts';

export function passed(changes: Partial<PassedProbe> = {}): PassedProbe {
  return {
    ok: true,
    depth: 'relay',
    latencyMs: 1,
    relayLatencyMs: 2,
    bindingLatencyMs: undefined,
    binding: undefined,
    denied: false,
    relayFamily: 'IPv4',
    relayPort: 50_000,
    software: undefined,
    certificateExpiresAtMs: undefined,
    ...changes,
  };
}

export function failed(changes: Partial<FailedProbe> = {}): FailedProbe {
  return { ok: false, reason: 'timeout', text: 'no answer', relayPort: undefined, ...changes };
}

export function roundOf(results: Partial<Record<ProbePath, ProbeResult>>, rest: Partial<ProbeRound> = {}): ProbeRound {
  const entries: [ProbePath, ProbeResult][] = [];
  for (const path of ['udp', 'tcp', 'tls', 'udp6', 'tcp6', 'tls6'] as const) {
    const result = results[path];
    if (result !== undefined) entries.push([path, result]);
  }
  return { results: new Map(entries), keyTrials: [], relayPorts: new Set(), ...rest };
}

/** Parses a round: `udp+ tcp-` is a UDP probe that passed and a TCP probe that failed; `tls6!` means that the server drains. */
export function roundFromText(text: string, software?: string): ProbeRound {
  const results = { '+': passed({ software }), '-': failed(), '!': failed({ reason: 'draining', text: 'it drains' }) };
  const parts = [...text.matchAll(/(udp6?|tcp6?|tls6?)([+!-])/g)];
  return roundOf(
    Object.fromEntries(parts.map(([, path = '', mark]) => [path, results[mark === '+' || mark === '!' ? mark : '-']])),
  );
}
