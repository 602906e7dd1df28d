import { z } from 'zod';
import { auditEntrySchema } from '../registry/audit-entry.ts';

/** What `GET /admin/v1/audit` answers. */
export const auditAnswerSchema = z
  .object({
    entries: z.array(auditEntrySchema).meta({ description: 'Newest first.' }),
    before: z
      .string()
      .optional()
      .meta({ description: 'There may be older ones: asked for with this as `before`. Absent: there are none.' }),
  })
  .meta({ id: 'AuditAnswer' });

export type AuditAnswer = z.infer<typeof auditAnswerSchema>;
