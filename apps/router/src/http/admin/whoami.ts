import type { RequestHandler } from 'express';
import { z } from 'zod';
import { answerJson } from '../answer.ts';
import { adminRoles } from '../../callers/auth/admin-role.ts';
import { adminRoleOf } from './require-role.ts';

export const whoamiAnswerSchema = z.object({ role: z.enum(adminRoles) }).meta({ id: 'WhoamiAnswer' });

/** `GET /admin/v1/whoami` */
export const whoamiRoute: RequestHandler = (_req, res) => {
  const answer: z.input<typeof whoamiAnswerSchema> = { role: adminRoleOf(res) };
  answerJson(res, answer);
};
