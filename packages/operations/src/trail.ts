import type { AuditEvent } from '@turn-router/contract/registry';

/** Where use cases write down what they have done. */
export interface Trail {
  /**
   * Takes note of what was just done. It is done, so this neither waits nor fails: who implements it has the event written, soon, and says
   * what becomes of one that cannot be.
   */
  readonly record: (event: AuditEvent) => void;
}

/** The event as a log can hold it, each text in one line of at most 256 characters: what stands in a store, and is revoked, may have any name. */
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
