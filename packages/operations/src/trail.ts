import type { AuditEvent } from '@turn-router/contract/registry';

/** The audit trail, in which use cases record their changes. */
export interface Trail {
  /**
   * Records a change that was just made. Does not wait and never throws, because the change is already made. The implementation writes the event
   * soon afterwards. If it cannot write an event, it reports this.
   */
  readonly record: (event: AuditEvent) => void;
}

/**
 * Shortens every text of an event to 256 characters and replaces control characters. So each text fits on one line of a log. This is needed because
 * stored entries can have any name.
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
