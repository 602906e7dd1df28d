export { countNodesAt, type NodesAt, type PublishedNode } from './address-load.ts';
export {
  confirmingMax,
  createAssignment,
  knownProbers,
  type Assignment,
  type ConfirmingTarget,
  type Targets,
} from './assignment.ts';
export type { KeptBecause } from './bounded-share.ts';
export {
  judgeFleet,
  judgeFleetInSteps,
  type FleetJudgement,
  type FleetReading,
  type NodeVerdict,
  type VerdictRung,
} from './judge-fleet.ts';
export { medianOf } from './median.ts';
export { findingOf, refutesNode, type PathFinding } from './path-finding.ts';
export {
  planRound,
  probeLimits,
  type PlannedProbe,
  type PlannedTarget,
  type ProbeLimits,
  type RoundOptions,
} from './plan-round.ts';
export { roundTripMatrix, roundTripMatrixInSteps, type RegionRoundTrip } from './round-trip-matrix.ts';
export { isFresh, takeProofs, takeProofsInSteps, type SeenProof } from './seen-proofs.ts';
export type { Steps } from './steps.ts';
