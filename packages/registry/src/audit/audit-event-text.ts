import { auditEventMaxLength, auditEventSchema, type AuditEvent } from '@turn-router/contract/registry';

/** An event as JSON. @throws TypeError for one that nobody could read again: a fault of the program */
export function auditEventText(event: AuditEvent): string {
  const parsed = auditEventSchema.safeParse(event);
  if (!parsed.success) throw new TypeError(`no audit event: ${parsed.error.message}`);
  const text = JSON.stringify(parsed.data);
  if (text.length > auditEventMaxLength) throw new TypeError(`no audit event: ${text.length} characters`);
  return text;
}
