import type { CallModel } from './call-model.ts';
import { canCome, doubtedDrawShare, drawShareOf, provenAfter } from './earned-capacity.ts';
import { partLeft } from './estimate-load.ts';
import { workOf, type CapacityBounds, type RelayNode } from './relay-node.ts';

/** What a node has proven of its claims. */
export type NodeProof = {
  /** The capacity that the node has proven by the work that it carried, Mbit/s. */
  provenMbps: number;
  /** Work at the first report, Mbit/s. */
  readonly inheritedMbps: number;
  readonly firstSeenMs: number;
  /** At the last report: the work that the node's credentials should have brought, and how much of it the node reported. */
  broughtMbps: number;
  carriedMbps: number;
  /** At the last report: the reported bandwidth without the work that the node already had at its first report. */
  ownMbps: number;
  /** Part of the capacity that counts when nodes are picked: below 1 if the node is implausible, or reports clearly less work than it was given. */
  drawShare: number;
};

/** What a report is compared with. */
export type RegionFigures = {
  readonly model: CallModel;
  /** The part of the brought work that the nodes of the region usually report, 0 to 1. */
  readonly usualPart: number;
  /** Bandwidth that the trusted nodes of the region report per brought work. */
  readonly usualRatio: number;
  /** The capacity that counts without proof, Mbit/s. */
  readonly unprovenMbps: number;
  /** Number of routers. Each router multiplies its own credentials by it, so its count varies more if there are more routers. */
  readonly replicas: number;
};

export type SinceReport = {
  /** Work that all credentials for the node should have brought, without the calls that have ended, Mbit/s. */
  readonly broughtMbps: number;
  /** Time since the report before. */
  readonly elapsedMs: number;
  readonly nowMs: number;
};

/**
 * Compares the work that the node reports with the work that its credentials should have brought.
 *
 * @param doubt why the reports are implausible. `isChance`: perhaps only by chance, so the node keeps its weight
 */
export function compareWithCredentials(
  proof: NodeProof,
  node: RelayNode,
  { doubt, isChance }: { readonly doubt: string | undefined; readonly isChance: boolean },
  { broughtMbps, elapsedMs, nowMs }: SinceReport,
  { model, usualPart, usualRatio, unprovenMbps, replicas }: RegionFigures,
): void {
  const { inheritedMbps, firstSeenMs, provenMbps } = proof;
  const reportedMbps = workOf(node);
  const carriedMbps = Math.min(reportedMbps, broughtMbps);
  const ownMbps = Math.max(0, node.reportedMbps - inheritedMbps * partLeft(firstSeenMs, model.meanCallMs, nowMs));
  proof.broughtMbps = broughtMbps;
  proof.carriedMbps = carriedMbps;
  proof.ownMbps = ownMbps;
  if (doubt !== undefined) {
    proof.drawShare = isChance ? 1 : doubtedDrawShare;
    return;
  }
  const varianceMbps2 = (model.callMbps + replicas * model.credentialMbps) * broughtMbps;
  proof.drawShare = drawShareOf({ reportedMbps, broughtMbps, usualPart, varianceMbps2 });
  if (!canCome(ownMbps, usualRatio * broughtMbps, varianceMbps2)) return;
  const { claimedMbps, otherUse } = node;
  proof.provenMbps = provenAfter({ claimedMbps, provenMbps, unprovenMbps, carriedMbps, otherUse, elapsedMs });
}

/** The bounds of the node's claim at this time. */
export function boundsAt(
  { provenMbps, inheritedMbps, firstSeenMs }: NodeProof,
  unprovenMbps: number,
  { meanCallMs }: CallModel,
  nowMs: number,
): CapacityBounds {
  return { unprovenMbps, provenMbps, inheritedMbps: inheritedMbps * partLeft(firstSeenMs, meanCallMs, nowMs) };
}
