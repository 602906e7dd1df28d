import {
  liftAnswerSchema,
  liftRequestSchema,
  revocationsAnswerSchema,
  revokeAnswerSchema,
  revokeRequestSchema,
  type LiftAnswer,
} from '@turn-router/contract/admin';
import type { RegistryError } from '@turn-router/registry';
import type { RevocationDesk } from '../../callers/revocation/revocation-desk.ts';
import { answer, answerJson } from '../answer.ts';
import { registryErrorsAs503 } from '../registry-errors-as-503.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';
import { adminActorOf } from './require-role.ts';

export type RevocationRouteParts = { readonly revocations: RevocationDesk };

/** Lists all stored revocations, up to 3 MB. */
export const listRevocationsRoute: AdminRoute<RevocationRouteParts> = {
  method: 'get',
  path: '/admin/v1/revocations',
  role: 'viewer',
  operation: {
    summary: 'List the revocations',
    description: 'Lists the stored revocations, including expired ones.',
    answers: { 200: { description: 'Revocations', content: json(revocationsAnswerSchema) } },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ revocations }) =>
    async (_req, res) => {
      answerJson(res, await registryErrorsAs503(revocations.list(), 'The revocations cannot be read now'));
    },
};

export const revokeRoute: AdminRoute<RevocationRouteParts> = {
  method: 'put',
  path: '/admin/v1/revocations',
  role: 'operator',
  body: { schema: revokeRequestSchema, required: true },
  operation: {
    summary: 'Revoke a subject',
    description:
      'This router immediately stops issuing credentials to the subject. All other routers stop within 2 s. The new revocation replaces an earlier revocation of the subject. A revoked API key is not deleted: it works again after the revocation is lifted.',
    answers: { 200: { description: 'The revocation', content: json(revokeAnswerSchema) } },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ revocations }) =>
    async (req, res) => {
      const wish = parseInput(revokeRequestSchema, req.body);
      answerJson(res, await registryErrorsAs503(revocations.revoke(wish, adminActorOf(res)), writeFailureDetail));
    },
};

/** Lifts a revocation. The subject is in the body, because proxies change and log paths. */
export const liftRoute: AdminRoute<RevocationRouteParts> = {
  method: 'post',
  path: '/admin/v1/revocations/lift',
  role: 'operator',
  body: { schema: liftRequestSchema, required: true },
  operation: {
    summary: 'Lift a revocation',
    answers: {
      200: { description: 'Lifted, but not on disk yet', content: json(liftAnswerSchema) },
      204: { description: 'Lifted' },
    },
    problems: ['registry_unavailable', 'not_revoked'],
  },
  createHandler:
    ({ revocations }) =>
    async (req, res) => {
      const { subject } = parseInput(liftRequestSchema, req.body);
      const isKept = await registryErrorsAs503(revocations.lift(subject, adminActorOf(res)), writeFailureDetail);
      const notDurable: LiftAnswer = { subject, durable: false };
      if (isKept) answer(res, { status: 204 });
      else answerJson(res, notDurable);
    },
};

function writeFailureDetail({ code, fault, message }: RegistryError): string {
  if (fault === 'no_permission') {
    return 'The revocations cannot be changed, because the router’s Redis user may only read them. Use turnctl, or grant write access (npm run redis-acl -- --router --revokes)';
  }
  return code === 'refused' ? `The revocations cannot be changed: ${message}` : 'The revocations cannot be changed now';
}
