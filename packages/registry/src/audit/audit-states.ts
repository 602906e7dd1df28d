import type { AuditState } from './audit-log.ts';

/** A state as one process remembers it. */
export type HeldState = { readonly of: string; readonly is: string; readonly untilMs: number | undefined };

export type AuditStates = {
  /** Whether that was said last, and is not due to be said again. */
  readonly isHeld: (state: AuditState) => boolean;
  readonly hold: (held: HeldState) => void;
};

/** What was said last, for a log that has one writer. */
export function createAuditStates(nowMs: () => number): AuditStates {
  const held = new Map<string, HeldState>();
  const isOver = ({ untilMs }: HeldState) => untilMs !== undefined && untilMs <= nowMs();
  return {
    isHeld(state) {
      const known = held.get(state.of);
      if (known?.is !== state.is || isOver(known)) return false;
      held.set(state.of, heldFrom(state, nowMs()));
      return true;
    },
    hold(next) {
      for (const [of, each] of held) if (isOver(each)) held.delete(of);
      held.set(next.of, next);
    },
  };
}

export function heldFrom({ of, is, lastsMs }: AuditState, nowMs: number): HeldState {
  return { of, is, untilMs: lastsMs === undefined ? undefined : nowMs + lastsMs };
}
