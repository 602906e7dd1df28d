export { auditAnswerSchema, type AuditAnswer } from './audit-answer.ts';
export {
  fleetAnswerSchema,
  fleetQuerySchema,
  shownProofsMax,
  type FleetAnswer,
  type FleetNodeView,
  type FleetQuery,
  type NodeProofView,
  type NodeState,
} from './fleet.ts';
export {
  liftAnswerSchema,
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeAnswerSchema,
  revokeRequestSchema,
  type LiftAnswer,
  type RevocationsAnswer,
  type RevocationView,
  type RevokeAnswer,
  type RevokeRequest,
} from './revocations.ts';
