import { nodeNameFromKey } from '@turn-router/contract/registry';
import { exclusionByClock, type ExclusionReason, type FindExclusion } from '@turn-router/selection';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { OwnClock } from './own-clock.ts';
import type { OutsideProofs } from './proofs/outside-proofs.ts';

/**
 * Excludes the nodes that would refuse the credentials of this router: because of their clock, or because of their secrets. Also excludes the nodes
 * that probers do not reach. This is the only place that decides why a healthy node gets no calls.
 */
export function createFindExclusion(
  keys: Pick<NodeKeys, 'match'>,
  ownClock: Pick<OwnClock, 'offsetsMs'>,
  outside: Pick<OutsideProofs, 'isRefuted'>,
): FindExclusion {
  return ({ key, report }) => {
    const wrongClock = byClocks(report.clock_offset_ms, ownClock.offsetsMs());
    if (wrongClock !== undefined) return wrongClock;
    const name = nodeNameFromKey(key);
    if (keys.match(name, report).key === undefined) return 'secret_mismatch';
    return outside.isRefuted(name) ? 'unreachable_from_outside' : undefined;
  };
}

/** A node does not say by which of several registries it has compared its clock. So it must be wrong by all of them. */
function byClocks(nodeOffsetMs: number | undefined, ownOffsetsMs: readonly number[]): ExclusionReason | undefined {
  const reasons = ownOffsetsMs.map((ownOffsetMs) => exclusionByClock(nodeOffsetMs, ownOffsetMs));
  return reasons.includes(undefined) ? undefined : reasons[0];
}
