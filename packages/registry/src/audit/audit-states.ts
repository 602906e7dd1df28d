import type { AuditState } from './audit-log.ts';

/** A state as one process remembers it. */
export type HeldState = { readonly subject: string; readonly is: string; readonly untilMs: number | undefined };

export type AuditStates = {
  /** Whether the subject was last said to be that, and is not due to be said again. */
  readonly isHeld: (subject: string, state: AuditState) => boolean;
  readonly hold: (held: HeldState) => void;
};

/** What subjects were last said to be, for a log that has one writer. */
export function createAuditStates(nowMs: () => number): AuditStates {
  const held = new Map<string, HeldState>();
  const isOver = ({ untilMs }: HeldState) => untilMs !== undefined && untilMs <= nowMs();
  return {
    isHeld(subject, state) {
      const known = held.get(subject);
      if (known?.is !== state.is || isOver(known)) return false;
      held.set(subject, heldFrom(subject, state, nowMs()));
      return true;
    },
    hold(next) {
      for (const [subject, each] of held) if (isOver(each)) held.delete(subject);
      held.set(next.subject, next);
    },
  };
}

export function heldFrom(subject: string, { is, lastsMs }: AuditState, nowMs: number): HeldState {
  return { subject, is, untilMs: lastsMs === undefined ? undefined : nowMs + lastsMs };
}
