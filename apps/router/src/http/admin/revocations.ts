import {
  liftRequestSchema,
  revocationsAnswerSchema,
  revocationViewSchema,
  revokeRequestSchema,
} from '@turn-router/contract/admin';
import type { RegistryError } from '@turn-router/registry';
import type { RevocationDesk } from '../../callers/revocation/revocation-desk.ts';
import { answer, answerJson } from '../answer.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';
import { adminActorOf } from './require-role.ts';

export type RevocationRouteParts = { readonly revocations: RevocationDesk };

/** As stored, hence up to 3 MB of them. */
export const listRevocationsRoute: AdminRoute<RevocationRouteParts> = {
  method: 'get',
  path: '/admin/v1/revocations',
  role: 'viewer',
  operation: {
    summary: 'Who is revoked',
    description: 'As stored, those that are over included.',
    answers: { 200: { description: 'Revocations', content: json(revocationsAnswerSchema) } },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ revocations }) =>
    async (_req, res) => {
      answerJson(res, await orUnavailable(revocations.list(), 'The revocations cannot be read now'));
    },
};

export const revokeRoute: AdminRoute<RevocationRouteParts> = {
  method: 'put',
  path: '/admin/v1/revocations',
  role: 'operator',
  body: { schema: revokeRequestSchema, required: true },
  operation: {
    summary: 'Throw somebody out',
    description:
      'Routers issue nothing more to the subject: this one from now on, all others within 2 s. Takes the place of the revocation before. An API key that is revoked as a whole stays stored, and is good again when that is lifted.',
    answers: { 200: { description: 'The revocation', content: json(revocationViewSchema) } },
    problems: ['registry_unavailable'],
  },
  createHandler:
    ({ revocations }) =>
    async (req, res) => {
      const wish = parseInput(revokeRequestSchema, req.body);
      answerJson(res, await orUnavailable(revocations.revoke(wish, adminActorOf(res)), whyUnchanged));
    },
};

/** A subject is no part of a path, since proxies change what they find there and log it. */
export const liftRoute: AdminRoute<RevocationRouteParts> = {
  method: 'post',
  path: '/admin/v1/revocations/lift',
  role: 'operator',
  body: { schema: liftRequestSchema, required: true },
  operation: {
    summary: 'Let somebody in again',
    answers: { 204: { description: 'Lifted' } },
    problems: ['registry_unavailable', 'not_revoked'],
  },
  createHandler:
    ({ revocations }) =>
    async (req, res) => {
      const { subject } = parseInput(liftRequestSchema, req.body);
      await orUnavailable(revocations.lift(subject, adminActorOf(res)), whyUnchanged);
      answer(res, { status: 204 });
    },
};

function whyUnchanged({ code, fault, message }: RegistryError): string {
  if (fault === 'no_permission') {
    return 'The revocations cannot be changed: the router’s user of Redis may only read them (npm run redis-acl -- --router --revokes), turnctl can';
  }
  return code === 'refused' ? `The revocations cannot be changed: ${message}` : 'The revocations cannot be changed now';
}
