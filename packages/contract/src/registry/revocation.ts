import { z } from 'zod';
import { printableTextSchema } from '../terms/text.ts';
import { revocationSubjectSchema } from './revocation-subject.ts';
import { parseEntry, type ParsedEntry } from './stored-entry.ts';

/** The Redis hash that holds revocations: subject → `Revocation` as JSON. */
export const revocationsRedisKey = 'turn:revocations';

const recordMaxLength = 4096;

/** The maximum length of a key ring. */
const turnUsersMax = 32;

/** The user name on TURN servers, from `createOpaqueUserId`. The alphabet is safe on a command line. */
const turnUserSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'Invalid TURN user: expected 8–64 characters of A–Z, a–z, 0–9, "_" and "-"');

/** One stored revocation. Unknown fields are ignored. */
export const revocationSchema = z.object({
  at_ms: z.int().min(0).meta({ description: 'Start of the revocation, Unix time in ms.' }),
  until_ms: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'End of the revocation, Unix time in ms. Absent if the revocation never expires.' }),
  reason: printableTextSchema(200).optional().meta({ description: 'Free text for operators. Callers do not see it.' }),
  turn_users: z.array(turnUserSchema).max(turnUsersMax).default([]).meta({
    description: 'User names of the subject on TURN servers: one for each signing key.',
  }),
});

export type Revocation = z.infer<typeof revocationSchema>;

/** Parses one entry of the hash from an untrusted writer. Never throws. */
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
