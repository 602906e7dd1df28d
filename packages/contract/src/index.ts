export {
  apiKeyIdSchema,
  apiKeyRecordSchema,
  apiKeysRedisKey,
  checkApiKeyRecord,
  originSchema,
  parseApiKeyRecord,
  type ApiKeyRecord,
  type ParsedApiKeyRecord,
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
export { coturnVersionFrom, isOlderCoturn, recommendedCoturn, type CoturnVersion } from './coturn-version.ts';
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
export { parsePolicy, type ParsedPolicy } from './parse-policy.ts';
export { parseYaml, type FileFault, type ParsedYaml } from './parse-yaml.ts';
export { placementRungs, placementRungSchema, type PlacementRung } from './placement-rung.ts';
export { defaultCapacityMbps, policySchema, type Policy } from './policy.ts';
export { problems, problemSchema, problemType, type Problem, type ProblemCode } from './problem.ts';
export { regionAnswerSchema, type RegionAnswer } from './region-answer.ts';
export type { StaticNode } from './static-node.ts';
export { transportSchema, type Transport } from './transport.ts';
