import { z } from 'zod';
import { ttlSecondsSchema } from '../terms/credential-ttl.ts';
import { apiKeyIdSchema, regionNameSchema } from '../terms/names.ts';
import { originSchema } from './origin.ts';
import { parseEntry, type ParsedEntry } from './stored-entry.ts';

/** The Redis hash that holds API keys: id → `ApiKeyRecord` as JSON. */
export const apiKeysRedisKey = 'turn:api-keys';

/** Maximum length of a record, characters of JSON. */
const apiKeyRecordMaxLength = 8192;

/** Requests per minute; 0 means no limit. */
const perMinuteSchema = z.int().min(0).max(1_000_000);

const secretSchema = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'Invalid hash: expected 64 characters of 0–9 and a–f')
    .meta({ description: 'SHA-256 of the whole key. The key itself is not stored.' }),
  created_at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'Time of creation. It is only displayed, and not used for decisions.' }),
});

/** One stored API key: the hashes of its secrets and its restrictions. Unknown fields are ignored. */
export const apiKeyRecordSchema = z
  .object({
    secrets: z.array(secretSchema).min(1).max(2).meta({
      description: 'Hashes of the secrets of the key, newest first. During a rotation there are two secrets.',
    }),
    label: z.string().max(128).optional().meta({ description: 'Free text for operators.' }),
    origins: z.array(originSchema).min(1).max(64).optional(),
    anonymous_callers: z.boolean().optional().meta({
      description:
        'Whether callers with this key count as anonymous, because the key is public. Absent: false, also for keys with origins.',
    }),
    expires_at: z.iso.datetime({ offset: true }).optional().meta({
      description: 'Time from which on routers refuse the key. Absent if the key never expires.',
    }),
    regions: z.array(regionNameSchema).min(1).max(64).optional(),
    min_ttl_seconds: ttlSecondsSchema.optional(),
    max_ttl_seconds: ttlSecondsSchema.optional(),
    per_key_per_minute: perMinuteSchema.optional(),
    per_user_per_minute: perMinuteSchema.optional(),
    per_address_per_minute: perMinuteSchema.optional(),
  })
  .refine(({ min_ttl_seconds: min, max_ttl_seconds: max }) => min === undefined || max === undefined || min <= max, {
    path: ['min_ttl_seconds'],
    message: 'Too big: expected at most max_ttl_seconds',
  });

export type ApiKeyRecord = z.infer<typeof apiKeyRecordSchema>;

/** Parses one entry of the hash from an untrusted writer. Never throws. */
export function parseApiKeyRecord(id: string, text: string): ParsedEntry<ApiKeyRecord> {
  return parseEntry({ name: apiKeyIdSchema, record: apiKeyRecordSchema, maxLength: apiKeyRecordMaxLength }, id, text);
}
