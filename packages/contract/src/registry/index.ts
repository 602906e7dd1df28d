export { apiKeyRecordSchema, apiKeysRedisKey, parseApiKeyRecord, type ApiKeyRecord } from './api-key.ts';
export { findOriginFault, originSchema } from './origin.ts';
export {
  auditActions,
  auditActionSchema,
  auditEntrySchema,
  auditEventMaxLength,
  auditEventSchema,
  auditRedisKey,
  checkAuditEntry,
  parseAuditEntry,
  type AuditAction,
  type AuditEntry,
  type AuditEvent,
  type ParsedAuditEntry,
} from './audit-entry.ts';
export { customerPrefix } from './customer-prefix.ts';
export { nodeKeyGlob, parseRedisKey, redisKeyFromNodeKey } from './node-key.ts';
export {
  nodeProofGlob,
  nodeProofGlobOf,
  nodeProofKey,
  nodeProofMaxBytes,
  nodeProofRoundMs,
  nodeProofSchema,
  nodeProofTtlMs,
  parseNodeProof,
  parseNodeProofKey,
  proofPathName,
  type NodeProof,
  type NodeProofFault,
  type NodeProofKey,
  type ParsedNodeProof,
  type ProofPath,
  type StoredProof,
} from './node-proof.ts';
export {
  leavingMaxSeconds,
  nodeReportMaxBytes,
  nodeReportSchema,
  parseNodeReport,
  wrongClockMs,
  type NodeReport,
  type NodeReportFault,
  type ParsedNodeReport,
} from './node-report.ts';
export { publishedReportFrom, publishedReportSchema, type PublishedReport } from './published-report.ts';
export { proofReasons, type ProofReason } from './proof-reasons.ts';
export { isNodePort, nodePortMin, unreachableKind, type ParsedAddress } from './unreachable-address.ts';
export { isInForce, parseRevocation, revocationSchema, revocationsRedisKey, type Revocation } from './revocation.ts';
export { revocationSubjectSchema, wholeKeyOf } from './revocation-subject.ts';
export type { ParsedEntry } from './stored-entry.ts';
export {
  apiKeyIdSchema,
  issuerNameSchema,
  nodeIdSchema,
  nodeNameFromKey,
  parseNodeName,
  regionNameSchema,
  type NodeKey,
} from '../terms/names.ts';
