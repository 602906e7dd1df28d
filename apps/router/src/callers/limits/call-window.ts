import { slotMs, windowSlots, type AgedCalls } from '@turn-router/registry';

/**
 * The calls of the last minute, by the second. `slots` alternates slot number and calls, oldest first. This form is compact: most callers have one
 * or two slots, and the router keeps a hundred thousand windows.
 */
export type CallWindow = { readonly slots: number[]; calls: number };

export function emptyWindow(): CallWindow {
  return { slots: [], calls: 0 };
}

/** @param nowMs monotonic time, in all functions of this file */
export function countCall(window: CallWindow, nowMs: number): void {
  dropOld(window, nowMs);
  const slot = Math.floor(nowMs / slotMs);
  const { slots } = window;
  if (slots.at(-2) === slot) slots[slots.length - 1] = (slots.at(-1) ?? 0) + 1;
  else slots.push(slot, 1);
  window.calls += 1;
}

/**
 * Returns the number of calls in the window. A call counts in its own second and in the next sixty seconds. So it counts in every period of 60 s
 * that contains it.
 */
export function callsWithin(window: CallWindow, nowMs: number): number {
  dropOld(window, nowMs);
  return window.calls;
}

/** Returns the time until the oldest call leaves the window, ms; 0 if the window is empty. */
export function untilOldestLeavesMs(window: CallWindow, nowMs: number): number {
  dropOld(window, nowMs);
  const [oldest] = window.slots;
  return oldest === undefined ? 0 : (oldest + windowSlots + 1) * slotMs - nowMs;
}

/** Returns the time until the window holds fewer than `limit` calls, ms. */
export function untilBelowMs(window: CallWindow, limit: number, nowMs: number): number {
  dropOld(window, nowMs);
  const { slots } = window;
  let left = window.calls;
  for (let index = 0; index < slots.length; index += 2) {
    if (left < limit) break;
    left -= slots[index + 1] ?? 0;
    if (left < limit) return ((slots[index] ?? 0) + windowSlots + 1) * slotMs - nowMs;
  }
  return left < limit ? 0 : (windowSlots + 1) * slotMs;
}

export function agedCalls(window: CallWindow, nowMs: number): AgedCalls {
  dropOld(window, nowMs);
  const nowSlot = Math.floor(nowMs / slotMs);
  const { slots } = window;
  return Array.from({ length: slots.length / 2 }, (_, index) => ({
    ageSlots: nowSlot - (slots[2 * index] ?? 0),
    calls: slots[2 * index + 1] ?? 0,
  }));
}

function dropOld(window: CallWindow, nowMs: number): void {
  const { slots } = window;
  const oldest = Math.floor(nowMs / slotMs) - windowSlots;
  let old = 0;
  while (old < slots.length && (slots[old] ?? 0) < oldest) {
    window.calls -= slots[old + 1] ?? 0;
    old += 2;
  }
  if (old > 0) slots.splice(0, old);
}
