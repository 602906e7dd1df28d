import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { durationMs } from '../duration-ms.ts';

const momentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `30m`, `12h`, `7d` before now; or a moment, ISO 8601. @returns Unix ms @throws InvalidArgumentError */
export function parseSince(text: string, nowMs: number): number {
  const agoMs = durationMs(text);
  if (agoMs !== undefined) return Math.max(0, nowMs - agoMs);
  const moment = momentSchema.safeParse(text);
  if (moment.success) return Date.parse(moment.data);
  throw new InvalidArgumentError('Expected such as 30m, 12h, 7d, 2026-11-21 or 2026-11-21T08:00:00Z.');
}
