export { auditAnswerSchema, type AuditAnswer } from './audit-answer.ts';
export {
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeRequestSchema,
  type RevocationsAnswer,
  type RevocationView,
  type RevokeRequest,
} from './revocations.ts';
