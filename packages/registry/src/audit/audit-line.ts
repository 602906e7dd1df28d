import { checkAuditEntry, type ParsedAuditEntry } from '@turn-router/contract/registry';
import type { HeldState } from './audit-states.ts';

/** An entry as a line of a file: with its id, and what is to be remembered with it. @param event JSON */
export function auditLine(id: string, event: string, held: HeldState | undefined): string {
  return JSON.stringify({ id, ...JSON.parse(event), ...(held === undefined ? {} : { held }) });
}

/** Reads a line, which anybody may have written. Never throws. */
export function parseAuditLine(line: string): { parsed: ParsedAuditEntry; held: HeldState | undefined } {
  const value = objectIn(line);
  const { id, held } = value;
  return { parsed: checkAuditEntry(typeof id === 'string' ? id : '', value), held: heldIn(held) };
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function heldIn(value: unknown): HeldState | undefined {
  if (!isObject(value)) return undefined;
  const { of, is, untilMs } = value;
  if (typeof of !== 'string' || typeof is !== 'string') return undefined;
  return { of, is, untilMs: typeof untilMs === 'number' ? untilMs : undefined };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
