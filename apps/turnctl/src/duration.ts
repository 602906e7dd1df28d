import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `90s`, `30m`, `12h` or `7d`. @returns ms @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined) {
    throw new InvalidArgumentError('Expected a whole number and a unit, such as 90s, 30m, 12h or 7d.');
  }
  return ms;
}

const momentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** Parses `30m`, `12h` or `7d` as a time before now, or an ISO 8601 time. @returns Unix ms @throws InvalidArgumentError */
export function parseSince(text: string, nowMs: number): number {
  const agoMs = durationMs(text);
  if (agoMs !== undefined) return Math.max(0, nowMs - agoMs);
  const moment = momentSchema.safeParse(text);
  if (moment.success) return Date.parse(moment.data);
  throw new InvalidArgumentError(
    'Expected a duration or a time, such as 30m, 12h, 7d, 2026-11-21 or 2026-11-21T08:00:00Z.',
  );
}

/** Parses `90d` as a time after now, or an ISO 8601 time in the future. @returns Unix ms @throws InvalidArgumentError */
export function parseExpiry(text: string, nowMs: number): number {
  const forMs = durationMs(text);
  if (forMs !== undefined) return nowMs + forMs;
  const moment = momentSchema.safeParse(text);
  if (moment.success && Date.parse(moment.data) > nowMs) return Date.parse(moment.data);
  throw new InvalidArgumentError(
    'Expected a duration or a time in the future, such as 12h, 90d, 2027-02-27 or 2027-02-27T08:00:00Z.',
  );
}

function durationMs(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  return count === undefined || ms === undefined ? undefined : Number(count) * ms;
}
