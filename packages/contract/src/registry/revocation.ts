import { z } from 'zod';
import { printableTextSchema } from '../terms/text.ts';
import { revocationSubjectSchema } from './revocation-subject.ts';
import { parseEntry, type ParsedEntry } from './stored-entry.ts';

/** The hash in Redis that holds revocations: subject → `Revocation` as JSON. */
export const revocationsRedisKey = 'turn:revocations';

const recordMaxLength = 4096;

/** As many as a key ring is ever long. */
const turnUsersMax = 32;

/** What TURN servers know a user by: `createOpaqueUserId`, and nothing that a command line could take for something else. */
const turnUserSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'Invalid TURN user: expected 8–64 characters of A–Z, a–z, 0–9, "_" and "-"');

/** One revocation as it is stored. Unknown fields are ignored. */
export const revocationSchema = z.object({
  at_ms: z.int().min(0).meta({ description: 'Since when, Unix time, ms.' }),
  until_ms: z.int().min(0).optional().meta({ description: 'Until when, Unix time, ms; without it for good.' }),
  reason: printableTextSchema(200).optional().meta({ description: 'For people; callers do not see it.' }),
  turn_users: z.array(turnUserSchema).max(turnUsersMax).default([]).meta({
    description: 'Under which the TURN servers know the subject: one for each key that signs.',
  }),
});

export type Revocation = z.infer<typeof revocationSchema>;

/** Reads one entry of the hash, which anybody may have written. Never throws. */
export function parseRevocation(subject: string, text: string): ParsedEntry<Revocation> {
  return parseEntry(
    { name: revocationSubjectSchema, record: revocationSchema, maxLength: recordMaxLength },
    subject,
    text,
  );
}

/** @param nowMs Unix time, ms */
export function isInForce({ until_ms: untilMs }: Pick<Revocation, 'until_ms'>, nowMs: number): boolean {
  return untilMs === undefined || nowMs < untilMs;
}
