import { isInForce, type Revocation } from '@turn-router/contract/registry';
import type { Identity } from '../auth/identify-caller.ts';
import type { World } from '../../world.ts';

/** Whether the user of a call, or the API key, is revoked. */
export type IsRevoked = (identity: Pick<Identity, 'caller' | 'user'>) => boolean;

export interface RevocationGate {
  readonly isRevoked: IsRevoked;
  /** Replaces the revocations (subject → revocation) before the next request. */
  readonly use: (revocations: ReadonlyMap<string, Revocation>) => void;
}

export type RevocationGateParts = Pick<World, 'nowMs' | 'monotonicNowMs'> & {
  readonly count: () => void;
  /** Called when a subject is refused for the first time in a minute. */
  readonly onRefusal: (subject: string) => void;
};

/** Shortest time between two log lines about the refusal of the same subject, ms. */
const refusalLogIntervalMs = 60_000;

export function createRevocationGate({ nowMs, monotonicNowMs, count, onRefusal }: RevocationGateParts): RevocationGate {
  let revocations: ReadonlyMap<string, Revocation> = new Map();
  /** Subject → time of its last logged refusal. The map holds only revoked subjects, so callers cannot fill it. */
  let loggedAt = new Map<string, number>();

  function refuses(subject: string): boolean {
    const revocation = revocations.get(subject);
    if (revocation === undefined || !isInForce(revocation, nowMs())) return false;
    count();
    const timeMs = monotonicNowMs();
    if (timeMs - (loggedAt.get(subject) ?? -Infinity) >= refusalLogIntervalMs) {
      loggedAt.set(subject, timeMs);
      onRefusal(subject);
    }
    return true;
  }

  return {
    isRevoked({ caller, user }) {
      if (revocations.size === 0) return false;
      return (caller.kind === 'api-key' && refuses(`key:${caller.keyId}`)) || refuses(user);
    },
    use(current) {
      revocations = current;
      loggedAt = new Map([...loggedAt].filter(([subject]) => current.has(subject)));
    },
  };
}
