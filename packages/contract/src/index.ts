export {
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeRequestSchema,
  type RevocationsAnswer,
  type RevocationView,
  type RevokeRequest,
} from './admin-revocations.ts';
export {
  apiKeyIdSchema,
  apiKeyRecordSchema,
  apiKeysRedisKey,
  originSchema,
  parseApiKeyRecord,
  type ApiKeyRecord,
} from './api-key.ts';
export {
  auditActions,
  auditActionSchema,
  auditAnswerSchema,
  auditEntrySchema,
  auditEventMaxLength,
  auditEventSchema,
  auditRedisKey,
  checkAuditEntry,
  parseAuditEntry,
  type AuditAction,
  type AuditAnswer,
  type AuditEntry,
  type AuditEvent,
  type ParsedAuditEntry,
} from './audit.ts';
export { coturnAnswerSchema, type CoturnAnswer } from './coturn-answer.ts';
export { customerPrefix } from './customer-prefix.ts';
export { faultsFromZodError, fieldFaultSchema, fieldFromPath, locatedFaults, type FieldFault } from './field-fault.ts';
export {
  iceServerSchema,
  iceServersAnswerSchema,
  iceServersRequestSchema,
  identifierSchema,
  ttlSecondsLimit,
  type IceServer,
  type IceServersAnswer,
  type IceServersRequest,
} from './ice-servers.ts';
export { nodeIdSchema, regionNameSchema } from './names.ts';
export {
  nodeKeyGlob,
  nodeNameFromKey,
  parseNodeName,
  parseRedisKey,
  redisKeyFromNodeKey,
  type NodeKey,
} from './node-key.ts';
export { nodeReportMaxBytes, nodeReportSchema, type NodeReport } from './node-report.ts';
export { parseNodeReport, type NodeReportFault, type ParsedNodeReport } from './parse-node-report.ts';
export { placementRungs, placementRungSchema, type PlacementRung } from './placement-rung.ts';
export { defaultCapacityMbps, policySchema, type Policy } from './policy.ts';
export { problems, problemSchema, problemType, type Problem, type ProblemCode } from './problem.ts';
export { regionAnswerSchema, type RegionAnswer } from './region-answer.ts';
export { isInForce, parseRevocation, revocationSchema, revocationsRedisKey, type Revocation } from './revocation.ts';
export { revocationSubjectSchema, wholeKeyOf } from './revocation-subject.ts';
export type { StaticNode } from './static-node.ts';
export type { ParsedEntry } from './stored-entry.ts';
export { transportSchema, type Transport } from './transport.ts';
