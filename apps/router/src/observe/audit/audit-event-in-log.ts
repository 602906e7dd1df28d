import { wholeKeyOf, type AuditEvent } from '@turn-router/contract/registry';

/**
 * Makes of an entry what may stand in this router's log: of a caller the name that TURN servers see too, and no reason, in which people may
 * be named. The audit log has it all.
 */
export function createAuditEventInLog(opaqueUserId: (subject: string) => string): (event: AuditEvent) => AuditEvent {
  return (event) => {
    if (event.action !== 'subject.revoked' && event.action !== 'subject.lifted') return event;
    const { subject, detail: { reason: _reason, ...detail } = {} } = event;
    return { ...event, subject: wholeKeyOf(subject) === undefined ? opaqueUserId(subject) : subject, detail };
  };
}
