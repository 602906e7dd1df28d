import { z } from 'zod';
import { auditEntrySchema } from '../registry/audit-entry.ts';

/** The response of `GET /admin/v1/audit`. */
export const auditAnswerSchema = z
  .object({
    entries: z.array(auditEntrySchema).meta({ description: 'Newest first.' }),
    before: z
      .string()
      .optional()
      .meta({ description: 'To get older entries, pass this as `before`. Absent if no older entries exist.' }),
  })
  .meta({ id: 'AuditAnswer' });

export type AuditAnswer = z.infer<typeof auditAnswerSchema>;
