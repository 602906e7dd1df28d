export { auditAnswerSchema, type AuditAnswer } from './audit-answer.ts';
export {
  fleetAnswerSchema,
  fleetQuerySchema,
  type FleetAnswer,
  type FleetNodeView,
  type FleetQuery,
  type NodeState,
} from './fleet.ts';
export {
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeRequestSchema,
  type RevocationsAnswer,
  type RevocationView,
  type RevokeRequest,
} from './revocations.ts';
