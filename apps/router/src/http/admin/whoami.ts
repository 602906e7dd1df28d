import { z } from 'zod';
import { adminRoles } from '../../callers/auth/admin-role.ts';
import { answerJson } from '../answer.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';
import { adminRoleOf } from './require-role.ts';

const whoamiAnswerSchema = z.object({ role: z.enum(adminRoles) }).meta({ id: 'WhoamiAnswer' });

export const whoamiRoute: AdminRoute<unknown> = {
  method: 'get',
  path: '/admin/v1/whoami',
  role: 'viewer',
  operation: {
    summary: 'Get the role of the token',
    answers: { 200: { description: 'Role', content: json(whoamiAnswerSchema) } },
  },
  createHandler: () => (_req, res) => {
    const answer: z.input<typeof whoamiAnswerSchema> = { role: adminRoleOf(res) };
    answerJson(res, answer);
  },
};
