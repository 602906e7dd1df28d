import { auditEventMaxLength, auditEventSchema, type AuditEvent } from '@turn-router/contract/registry';

/** Returns an event as JSON. @throws TypeError if the event could not be parsed again, because of a bug in the caller */
export function auditEventText(event: AuditEvent): string {
  const parsed = auditEventSchema.safeParse(event);
  if (!parsed.success) throw new TypeError(`invalid audit event: ${parsed.error.message}`);
  const text = JSON.stringify(parsed.data);
  if (text.length > auditEventMaxLength) {
    throw new TypeError(`invalid audit event: expected at most ${auditEventMaxLength} characters, got ${text.length}`);
  }
  return text;
}
