import { checkAuditEntry, type ParsedAuditEntry } from '@turn-router/contract/registry';
import type { HeldState } from './audit-states.ts';

/** Returns an entry as one line of the file, with its id and the state to restore after a restart. @param event JSON */
export function auditLine(id: string, event: string, held: HeldState | undefined): string {
  return JSON.stringify({ id, ...JSON.parse(event), ...(held === undefined ? {} : { held }) });
}

/** Parses one line of the file, which may be invalid. Never throws. */
export function parseAuditLine(line: string): { parsed: ParsedAuditEntry; held: HeldState | undefined } {
  const value = parseObject(line);
  const { id, held } = value;
  return { parsed: checkAuditEntry(typeof id === 'string' ? id : '', value), held: parseHeldState(held) };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function parseHeldState(value: unknown): HeldState | undefined {
  if (!isObject(value)) return undefined;
  const { of, is, untilMs } = value;
  if (typeof of !== 'string' || typeof is !== 'string') return undefined;
  return { of, is, untilMs: typeof untilMs === 'number' ? untilMs : undefined };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
