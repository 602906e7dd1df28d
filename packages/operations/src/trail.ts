import type { AuditEvent } from '@turn-router/contract/registry';

/** The audit trail, in which use cases record their changes. */
export interface Trail {
  /**
   * Records a change that was just made. Neither waits nor fails, because the change is made already. The implementation writes the event
   * soon after, and reports an event that it cannot write.
   */
  readonly record: (event: AuditEvent) => void;
}

/**
 * Shortens every text of an event to 256 characters, and replaces control characters, so that each fits on one line of a log. Stored entries
 * can have any name.
 */
export function printableEvent({ action, actor, subject, detail }: AuditEvent): AuditEvent {
  return {
    action,
    actor: printable(actor),
    subject: printable(subject),
    ...(detail === undefined ? {} : { detail: printableDetail(detail) }),
  };
}

type Detail = NonNullable<AuditEvent['detail']>;

function printableDetail(detail: Detail): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? printable(value) : value]),
  );
}

function printable(text: string): string {
  return text.slice(0, 256).replaceAll(/[\p{Cc}\p{Cs}]/gu, '?') || '?';
}
