import { isInForce, type Revocation } from '@turn-router/contract/registry';
import type { Identity } from '../auth/identify-caller.ts';
import type { World } from '../../world.ts';

/** Whether a call is by somebody who is revoked, in person or with an application's whole key. */
export type IsRevoked = (identity: Pick<Identity, 'caller' | 'user'>) => boolean;

export interface RevocationGate {
  readonly isRevoked: IsRevoked;
  /** Subject → revocation, from the next request on. */
  readonly use: (revocations: ReadonlyMap<string, Revocation>) => void;
}

export type RevocationGateParts = Pick<World, 'nowMs' | 'monotonicNowMs'> & {
  readonly count: () => void;
  /** Told of the first refusal of a subject in a minute. */
  readonly onRefusal: (subject: string) => void;
};

const refusalNewsMs = 60_000;

export function createRevocationGate({ nowMs, monotonicNowMs, count, onRefusal }: RevocationGateParts): RevocationGate {
  let revocations: ReadonlyMap<string, Revocation> = new Map();
  /** Subject → when its refusal was last told. Of revoked subjects alone, so that callers cannot fill it. */
  let told = new Map<string, number>();

  function refuses(subject: string): boolean {
    const revocation = revocations.get(subject);
    if (revocation === undefined || !isInForce(revocation, nowMs())) return false;
    count();
    const timeMs = monotonicNowMs();
    if (timeMs - (told.get(subject) ?? -Infinity) >= refusalNewsMs) {
      told.set(subject, timeMs);
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
      told = new Map([...told].filter(([subject]) => current.has(subject)));
    },
  };
}
