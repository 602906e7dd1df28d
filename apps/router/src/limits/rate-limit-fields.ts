import { slotMs, windowSlots } from '@turn-router/registry';
import type { LimitState } from './limit-state.ts';

const windowSeconds = (windowSlots * slotMs) / 1_000;

/** The values of response fields, by draft-ietf-httpapi-ratelimit-headers-11 §3 and §4: lists of RFC 9651. */
export type RateLimitFields = { readonly policy: string; readonly limit: string };

/** The limits of one call, each under its kind's name. */
export function rateLimitFields(states: readonly LimitState[]): RateLimitFields {
  return {
    policy: states.map(({ kind, perMinute }) => `"${kind}";q=${perMinute};w=${windowSeconds}`).join(', '),
    limit: states.map(({ kind, remaining, resetSeconds }) => `"${kind}";r=${remaining};t=${resetSeconds}`).join(', '),
  };
}
