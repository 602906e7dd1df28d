import type { AuditState } from './audit-log.ts';

/** A state as one process remembers it. */
export type HeldState = { readonly of: string; readonly is: string; readonly untilMs: number | undefined };

export type AuditStates = {
  /** Whether it is no news: it was said last, or not long ago. */
  readonly isHeld: (state: AuditState) => boolean;
  /** It has been said. */
  readonly hold: (state: AuditState) => void;
  /** It was said before a restart. */
  readonly resume: (held: HeldState) => void;
};

/** What was said last, for a log that has one writer. */
export function createAuditStates(nowMs: () => number): AuditStates {
  const held = new Map<string, HeldState>();
  /** By state and subject: until when it is no news. */
  const settling = new Map<string, number>();
  const isOver = ({ untilMs }: HeldState) => untilMs !== undefined && untilMs <= nowMs();

  function forgetOld(): void {
    for (const [of, each] of held) if (isOver(each)) held.delete(of);
    for (const [key, untilMs] of settling) if (untilMs <= nowMs()) settling.delete(key);
  }

  return {
    isHeld(state) {
      forgetOld();
      if (held.get(state.of)?.is !== state.is) return settling.has(settlingKey(state));
      held.set(state.of, heldFrom(state, nowMs()));
      return true;
    },
    hold(state) {
      held.set(state.of, heldFrom(state, nowMs()));
      if (state.settlesMs !== undefined) settling.set(settlingKey(state), nowMs() + state.settlesMs);
    },
    resume: (state) => void held.set(state.of, state),
  };
}

function settlingKey({ of, is }: AuditState): string {
  return `${of}=${is}`;
}

export function heldFrom({ of, is, lastsMs }: AuditState, nowMs: number): HeldState {
  return { of, is, untilMs: lastsMs === undefined ? undefined : nowMs + lastsMs };
}
