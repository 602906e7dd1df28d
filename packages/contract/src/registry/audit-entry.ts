import { z } from 'zod';
import { faultsFromZodError } from '../terms/field-fault.ts';
import { printableTextSchema } from '../terms/text.ts';
import { readEntryJson, refuseEntry, type RefusedEntry } from './stored-entry.ts';

/** The stream in Redis that holds the audit log: one field, `entry`, an `AuditEvent` as JSON; its ids say when. */
export const auditRedisKey = 'turn:audit';

/** The longest entry that is read or written, characters of JSON. */
export const auditEventMaxLength = 4096;

/** Everything that the audit log holds. The set is closed; a name never changes its meaning. */
export const auditActions = [
  'key.created',
  'key.rotated',
  'key.revoked',
  'secret.rotated',
  'secret.retired',
  'subject.revoked',
  'subject.lifted',
  'node.draining',
  'node.drained',
  'node.returned',
  'policy.changed',
  'policy.refused',
] as const;

export const auditActionSchema = z.enum(auditActions);

export type AuditAction = z.infer<typeof auditActionSchema>;

/** One line, so that whoever writes an entry cannot make it look like two. */
const text = printableTextSchema;

const detailSchema = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/), z.union([text(512), z.number(), z.boolean()]))
  .refine((detail) => Object.keys(detail).length <= 16, 'Too many fields: expected at most 16');

/** What was done, by whom and to what; when is for the log to say. Never a secret. */
export const auditEventSchema = z.object({
  actor: text(256).meta({
    description:
      '`turnctl:<user>@<host>`, `router:<replica id>`, `node:<region>/<id>` or `admin:<role>`; as whoever wrote it says.',
  }),
  action: auditActionSchema,
  subject: text(256).meta({ description: 'What it was done to: the id of a key, `<region>/<id>` of a node, a file.' }),
  detail: detailSchema.optional(),
});

export type AuditEvent = z.infer<typeof auditEventSchema>;

/** An event as it stands in the log. */
export const auditEntrySchema = auditEventSchema
  .extend({
    id: z
      .string()
      // Redis counts to 2⁶⁴ − 1, which has 20 digits.
      .regex(/^\d{1,16}-\d{1,19}$/)
      .meta({ description: 'Grows from entry to entry.' }),
    atMs: z
      .int()
      .min(0)
      .meta({ description: 'When the log took it, Unix time in milliseconds, by the log’s own clock.' }),
  })
  .meta({
    id: 'AuditEntry',
    example: {
      id: '1795248000000-0',
      atMs: 1_795_248_000_000,
      actor: 'turnctl:kim@ops-1',
      action: 'key.revoked',
      subject: 'web',
      detail: { secrets: 'all' },
    },
  });

export type AuditEntry = z.infer<typeof auditEntrySchema>;

export type ParsedAuditEntry = { readonly ok: true; readonly entry: AuditEntry } | RefusedEntry;

/** Reads one entry, which anybody may have written. Never throws. @param id `<Unix ms>-<number>` */
export function parseAuditEntry(id: string, json: string): ParsedAuditEntry {
  const read = readEntryJson(json, auditEventMaxLength);
  return read.ok ? checkAuditEntry(id, read.value) : read;
}

/** Holds what was read of an entry against its schema; when it was is what its id says. */
export function checkAuditEntry(id: string, value: unknown): ParsedAuditEntry {
  const said = typeof value === 'object' && value !== null ? value : {};
  const parsed = auditEntrySchema.safeParse({ ...said, id, atMs: Number(id.split('-')[0]) });
  return parsed.success ? { ok: true, entry: parsed.data } : refuseEntry(...faultsFromZodError(parsed.error));
}
