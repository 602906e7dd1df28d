import { probeCredentialTtlSeconds } from '@turn-router/contract/http';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import { issueCredential, type TurnCredential } from '@turn-router/turn-credentials';
import type { ProbedFleet } from './probed-fleet.ts';
import { ProblemError } from '../problem-error.ts';
import type { NodeKeys } from '../issue/node-keys.ts';

export type IssueProbeCredentialParts = {
  readonly probedFleet: Pick<ProbedFleet, 'reportOf' | 'mayProbe'>;
  readonly nodeKeys: Pick<NodeKeys, 'match'>;
  /** Unix time, ms. */
  readonly nowMs: () => number;
};

/**
 * Signs a credential with which a prober probes a node.
 *
 * @throws ProblemError `unknown_node`, `target_forbidden` or `no_common_key`
 */
export type IssueProbeCredential = (
  prober: NodeKey,
  target: NodeKey,
) => TurnCredential & { readonly ttlSeconds: number };

/**
 * The credential counts for no rate limit of callers and for no load: neither routing nor the limits learn of it. Its user is the prober. So it
 * shares no quota with callers, and the log of a TURN server tells who probes.
 */
export function createIssueProbeCredential(parts: IssueProbeCredentialParts): IssueProbeCredential {
  const { probedFleet, nodeKeys, nowMs } = parts;
  return (prober, target) => {
    const name = nodeNameFromKey(target);
    const report = probedFleet.reportOf(name);
    if (report === undefined) throw new ProblemError('unknown_node', `target: No record of ${name}`);
    if (!probedFleet.mayProbe(prober, target)) {
      throw new ProblemError('target_forbidden', `target: ${nodeNameFromKey(prober)} is no prober of ${name}`);
    }
    const { key } = nodeKeys.match(name, report);
    if (key === undefined) {
      throw new ProblemError('no_common_key', `target: ${name} has another secret under each key id of this router`);
    }
    const ttlSeconds = probeCredentialTtlSeconds;
    const opaqueUserId = `probe-${prober.region}-${prober.id}`;
    return { ...issueCredential({ key, opaqueUserId, nowMs: nowMs(), ttlSeconds }), ttlSeconds };
  };
}
