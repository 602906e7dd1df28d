import { wholeKeyOf, type AuditEvent } from '@turn-router/contract/registry';
import { startAuditTrail, type AuditLog, type AuditTrail } from '@turn-router/registry';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics.ts';

export type AuditParts = {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'countAudit'>;
  readonly monotonicNowMs: () => number;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (user: string) => string;
};

/** Writes this router's audit entries in the background. Each written entry is also logged. */
export function followAudit(log: AuditLog, { logger, metrics, monotonicNowMs, opaqueUserId }: AuditParts): AuditTrail {
  const redacted = createAuditRedactor(opaqueUserId);
  return startAuditTrail(
    log,
    {
      onWritten(event) {
        metrics.countAudit('written');
        logger.info({ event: 'audit.entry_written', audit: true, ...redacted(event) }, 'audit entry written');
      },
      onDropped(event) {
        metrics.countAudit('lost');
        logger.error(
          { event: 'audit.entry_dropped', audit: true, ...redacted(event) },
          'audit entry dropped: queue full',
        );
      },
      onWaiting: (event) =>
        logger.warn(
          { event: 'audit.entry_waiting', audit: true, ...redacted(event) },
          'audit entry waits in memory until the audit log is writable',
        ),
      onUnwritten(event) {
        metrics.countAudit('lost');
        logger.error(
          { event: 'audit.entry_unwritten', audit: true, ...redacted(event) },
          'audit entry lost: the audit log was not writable until the stop',
        );
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
 * Removes personal data from an entry before it is logged. A user becomes the opaque id that TURN servers get. The reason is removed, because it
 * may name people. The audit log keeps the whole entry.
 */
export function createAuditRedactor(opaqueUserId: (user: string) => string): (event: AuditEvent) => AuditEvent {
  return (event) => {
    if (event.action !== 'subject.revoked' && event.action !== 'subject.lifted') return event;
    const { subject, detail: { reason: _reason, ...detail } = {} } = event;
    return { ...event, subject: wholeKeyOf(subject) === undefined ? opaqueUserId(subject) : subject, detail };
  };
}
