import { auditAnswerSchema, type AuditAnswer } from '@turn-router/contract/admin';
import { auditActionSchema, auditEntrySchema } from '@turn-router/contract/registry';
import type { AuditLog } from '@turn-router/registry';
import { z } from 'zod';
import { answer, answerJson, setField } from '../answer.ts';
import { registryErrorsAs503 } from '../registry-errors-as-503.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';

export type AuditRouteParts = { readonly audit: Pick<AuditLog, 'read'> };

const ndjsonType = 'application/x-ndjson';

const auditQuerySchema = z.strictObject({
  since: z.iso.datetime({ offset: true }).optional().meta({
    description: 'Return only entries of this time or later. Default: all entries.',
    example: '2026-11-21T08:00:00Z',
  }),
  before: auditEntrySchema.shape.id
    .optional()
    .meta({ description: 'Return only entries older than this entry. Use `before` of the previous response.' }),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .meta({ description: 'Maximum number of entries to return.' }),
  action: auditActionSchema.optional().meta({ description: 'Return only entries with this action.' }),
});

/** Reads the audit log. It may wait for the registry for at most a second, because no call depends on it. */
export const auditRoute: AdminRoute<AuditRouteParts> = {
  method: 'get',
  path: '/admin/v1/audit',
  role: 'viewer',
  operation: {
    summary: 'Read the audit log',
    description: `Returns the newest entries first. If the request has \`Accept: ${ndjsonType}\`, each line of the response is one entry, and \`Link\` points to the next page.`,
    query: auditQuerySchema,
    answers: {
      200: {
        description: 'Entries',
        headers: {
          Link: {
            description: `The next page (\`rel="next"\`). Present only for ${ndjsonType}, and only if older entries may exist.`,
            schema: { type: 'string' },
          },
        },
        content: { ...json(auditAnswerSchema), [ndjsonType]: { schema: auditEntrySchema } },
      },
    },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ audit }) =>
    async (req, res) => {
      const { since, before, limit, action } = parseInput(auditQuerySchema, req.query);
      const query = { sinceMs: since === undefined ? 0 : Date.parse(since), before, limit, action };
      const reading = await registryErrorsAs503(audit.read(query), 'The audit log cannot be read now');
      setField(res, 'Vary', 'Accept');
      if (req.accepts(['json', ndjsonType]) === ndjsonType) {
        if (reading.before !== undefined) {
          const next = new URLSearchParams({
            ...(since === undefined ? {} : { since }),
            ...(action === undefined ? {} : { action }),
            limit: `${limit}`,
            before: reading.before,
          });
          setField(res, 'Link', `</admin/v1/audit?${next.toString()}>; rel="next"`);
        }
        answer(res, {
          type: `${ndjsonType}; charset=utf-8`,
          body: reading.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
        });
        return;
      }
      const page: AuditAnswer = {
        entries: [...reading.entries],
        ...(reading.before === undefined ? {} : { before: reading.before }),
      };
      answerJson(res, page);
    },
};
