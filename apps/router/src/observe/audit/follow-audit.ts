import { wholeKeyOf, type AuditEvent } from '@turn-router/contract/registry';
import { startAuditTrail, type AuditLog, type AuditTrail } from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

export type AuditParts = {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAudit'>;
  readonly monotonicNowMs: () => number;
  /** What users are called in the log. */
  readonly opaqueUserId: (subject: string) => string;
};

/** Has what this router sees written into the audit log, in the background; what it has written stands in its own log as well. */
export function followAudit(log: AuditLog, { logger, metrics, monotonicNowMs, opaqueUserId }: AuditParts): AuditTrail {
  const inLog = createAuditEventInLog(opaqueUserId);
  return startAuditTrail(
    log,
    {
      onWritten(event) {
        metrics.countAudit('written');
        logger.info({ event: 'audit.entry_written', audit: true, ...inLog(event) }, 'audit entry written');
      },
      onDropped(event) {
        metrics.countAudit('lost');
        logger.error({ event: 'audit.entry_dropped', audit: true, ...inLog(event) }, 'audit entry dropped: queue full');
      },
      onLost: ({ fault, message }) =>
        logger.warn(
          { event: 'audit.unwritable', fault, reason: message },
          'cannot write the audit log: entries wait in memory',
        ),
      onFound: () => logger.info({ event: 'audit.writable' }, 'audit log is writable again'),
    },
    { monotonicNowMs },
  );
}

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
