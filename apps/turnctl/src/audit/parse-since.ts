import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const momentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `30m`, `12h`, `7d` before now; or a moment, ISO 8601. @returns Unix ms @throws InvalidArgumentError */
export function parseSince(text: string, nowMs: number): number {
  const [, digits, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (digits !== undefined && (unit === 'm' || unit === 'h' || unit === 'd')) {
    return Math.max(0, nowMs - Number(digits) * unitMs[unit]);
  }
  const moment = momentSchema.safeParse(text);
  if (moment.success) return Date.parse(moment.data);
  throw new InvalidArgumentError('Expected such as 30m, 12h, 7d, 2026-11-21 or 2026-11-21T08:00:00Z.');
}
