import { auditAnswerSchema, type AuditAnswer } from '@turn-router/contract/admin';
import { auditActionSchema, auditEntrySchema } from '@turn-router/contract/registry';
import type { AuditLog } from '@turn-router/registry';
import { z } from 'zod';
import { answer, answerJson, setField } from '../answer.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';

export type AuditRouteParts = { readonly audit: Pick<AuditLog, 'read'> };

const ndjsonType = 'application/x-ndjson';

const auditQuerySchema = z.strictObject({
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'The oldest that is wanted; without it all.', example: '2026-11-21T08:00:00Z' }),
  before: auditEntrySchema.shape.id
    .optional()
    .meta({ description: 'Only what is older than this entry: the `before` of the answer before.' }),
  limit: z.coerce.number<string>().int().min(1).max(1_000).default(100).meta({ description: 'At most this many.' }),
  action: auditActionSchema.optional().meta({ description: 'Only entries of this kind.' }),
});

/** The one kind of route that waits for the registry: nobody's call depends on it, and it gives up after a second. */
export const auditRoute: AdminRoute<AuditRouteParts> = {
  method: 'get',
  path: '/admin/v1/audit',
  role: 'viewer',
  operation: {
    summary: 'Who changed what and when',
    description: `Newest first. With \`Accept: ${ndjsonType}\` an entry a line; where to go on is then in \`Link\`.`,
    query: auditQuerySchema,
    answers: {
      200: {
        description: 'Entries',
        headers: {
          Link: {
            description: `The next page, \`rel="next"\`: of ${ndjsonType} alone, if there may be one.`,
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
      const reading = await orUnavailable(audit.read(query), 'The audit log cannot be read now');
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
