import { nodeNameFromKey } from '@turn-router/contract/registry';
import { exclusionByClock, type ExclusionReason, type FindExclusion } from '@turn-router/selection';
import type { NodeKeys } from '../issue/node-keys.ts';
import type { OwnClock } from './own-clock.ts';

/** Excludes the nodes that would refuse the credentials of this router: because of their clock, or because of their secrets. */
export function createFindExclusion(
  keys: Pick<NodeKeys, 'match'>,
  ownClock: Pick<OwnClock, 'offsetsMs'>,
): FindExclusion {
  return ({ key, report }) =>
    byClocks(report.clock_offset_ms, ownClock.offsetsMs()) ??
    (keys.match(nodeNameFromKey(key), report).key === undefined ? 'secret_mismatch' : undefined);
}

/** A node does not say by which of several registries it has compared its clock. So it must be wrong by all of them. */
function byClocks(nodeOffsetMs: number | undefined, ownOffsetsMs: readonly number[]): ExclusionReason | undefined {
  const reasons = ownOffsetsMs.map((ownOffsetMs) => exclusionByClock(nodeOffsetMs, ownOffsetMs));
  return reasons.includes(undefined) ? undefined : reasons[0];
}
