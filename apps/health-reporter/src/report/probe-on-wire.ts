import { healthReason, type HealthReason } from '../health/health-reason.ts';
import type { HealthState } from '../health/health-state.ts';
import type { ProbeResult, ProbeRound } from '../probe/probe-round.ts';

const msPerDay = 86_400_000;

/** The maximum lengths of texts in a report, characters. A whole report has at most 4 KiB, and six paths may fail at once. */
const stateTextMaxChars = 300;
const pathTextMaxChars = 150;

/** Builds the field `probe` of the report: the state, its reason, and the result of each path by name. Only operators read this field. */
export function probeOnWire(found: {
  health: HealthState;
  round: ProbeRound;
  draining?: HealthReason | undefined;
  nowMs: number;
}): Record<string, unknown> {
  const { health, round, draining, nowMs } = found;
  const { reason, text } = draining ?? healthReason(health, round);
  const paths = [...round.results].map(([path, result]) => [path, resultOnWire(result, nowMs)] as const);
  return {
    state: draining === undefined ? health.phase : 'draining',
    reason,
    text: ascii(text, stateTextMaxChars),
    ...Object.fromEntries(paths),
  };
}

function resultOnWire(result: ProbeResult, nowMs: number): Record<string, unknown> {
  if (!result.ok) return { ok: false, reason: result.reason, text: ascii(result.text, pathTextMaxChars) };
  const { certificateExpiresAtMs } = result;
  return {
    ok: true,
    proof: result.depth,
    latency_ms: tenths(result.latencyMs),
    relay_ms: tenths(result.relayLatencyMs),
    binding_ms: tenths(result.bindingLatencyMs),
    relay_family: result.relayFamily,
    ...(result.binding !== undefined && result.binding !== 'open' && { binding: result.binding }),
    certificate_days_left:
      certificateExpiresAtMs === undefined ? undefined : Math.floor((certificateExpiresAtMs - nowMs) / msPerDay),
  };
}

function tenths(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Number(ms.toFixed(1));
}

/** Replaces characters that are not ASCII, and shortens the text. So texts of a server cannot make a report too large. */
function ascii(text: string, maxChars: number): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, maxChars);
}
