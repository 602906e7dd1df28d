import { z } from 'zod';
import { faultsFromZodError } from '../terms/field-fault.ts';
import { printableTextSchema } from '../terms/text.ts';
import { readEntryJson, refuseEntry, type RefusedEntry } from './stored-entry.ts';

/** The Redis stream that holds the audit log. Each message has one field, `entry`, an `AuditEvent` as JSON. Its id holds the time. */
export const auditRedisKey = 'turn:audit';

/** Maximum length of an entry that is read or written, characters of JSON. */
export const auditEventMaxLength = 4096;

/** Every action in the audit log. The set is closed, and the meaning of a name never changes. */
export const auditActions = [
  'key.created',
  'key.rotated',
  'key.revoked',
  'key.imported',
  'secret.rotated',
  'secret.retired',
  'subject.revoked',
  'subject.lifted',
  'subject.imported',
  'node.draining',
  'node.drained',
  'node.returned',
  'policy.changed',
  'policy.refused',
] as const;

export const auditActionSchema = z.enum(auditActions);

export type AuditAction = z.infer<typeof auditActionSchema>;

/** A text without line breaks, so that the writer of an entry cannot forge a second one. */
const text = printableTextSchema;

const detailSchema = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/), z.union([text(512), z.number(), z.boolean()]))
  .refine((detail) => Object.keys(detail).length <= 16, 'Too many fields: expected at most 16');

/** One recorded action: its actor, its kind and its subject. The log adds the time. An event never holds a secret. */
export const auditEventSchema = z.object({
  actor: text(256).meta({
    description:
      '`turnctl:<user>@<host>`, `router:<replica id>`, `node:<region>/<id>` or `admin:<role>`. The writer of the entry sets it; nothing verifies it.',
  }),
  action: auditActionSchema,
  subject: text(256).meta({ description: 'The object of the action: a key id, a node as `<region>/<id>`, or a file.' }),
  detail: detailSchema.optional(),
});

export type AuditEvent = z.infer<typeof auditEventSchema>;

/** An event as the log stores it. */
export const auditEntrySchema = auditEventSchema
  .extend({
    id: z
      .string()
      // Redis counts to 2⁶⁴ − 1, which has 20 digits.
      .regex(/^\d{1,16}-\d{1,19}$/)
      .meta({ description: 'Id of the entry. A later entry has a larger id.' }),
    atMs: z.int().min(0).meta({
      description:
        'Time at which the entry was stored, by the clock of the Redis server or router that holds the log. Unix time in milliseconds.',
    }),
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

/**
 * Parses one entry from an untrusted writer. Never throws.
 *
 * @param id `<Unix ms>-<number>`
 */
export function parseAuditEntry(id: string, json: string): ParsedAuditEntry {
  const read = readEntryJson(json, auditEventMaxLength);
  return read.ok ? checkAuditEntry(id, read.value) : read;
}

/** Checks a parsed entry against its schema. The time comes from the id, not from the entry. */
export function checkAuditEntry(id: string, value: unknown): ParsedAuditEntry {
  const said = typeof value === 'object' && value !== null ? value : {};
  const parsed = auditEntrySchema.safeParse({ ...said, id, atMs: Number(id.split('-')[0]) });
  return parsed.success ? { ok: true, entry: parsed.data } : refuseEntry(...faultsFromZodError(parsed.error));
}
