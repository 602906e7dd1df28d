import type { AuditState } from './audit-log.ts';

/** A state in the memory of one process. */
export type HeldState = { readonly of: string; readonly is: string; readonly untilMs: number | undefined };

export type AuditStates = {
  /** Whether the log must skip the state: it is the last state of its subject, or was written within the last `settlesMs`. */
  readonly isRepeated: (state: AuditState) => boolean;
  /** Stores a state whose event was written. */
  readonly hold: (state: AuditState) => void;
  /** Restores a state from before a restart. */
  readonly resume: (held: HeldState) => void;
};

/** Keeps the last state of each subject, for a log with a single writer. */
export function createAuditStates(nowMs: () => number): AuditStates {
  const held = new Map<string, HeldState>();
  /** The time until which the same state is not written again, by subject and state. */
  const settling = new Map<string, number>();
  const isOver = ({ untilMs }: HeldState) => untilMs !== undefined && untilMs <= nowMs();

  function forgetOld(): void {
    for (const [of, each] of held) if (isOver(each)) held.delete(of);
    for (const [key, untilMs] of settling) if (untilMs <= nowMs()) settling.delete(key);
  }

  return {
    isRepeated(state) {
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
