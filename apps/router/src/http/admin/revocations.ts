import { liftRequestSchema, revokeRequestSchema } from '@turn-router/contract/admin';
import type { RegistryError } from '@turn-router/registry';
import type { RequestHandler } from 'express';
import type { RevocationDesk } from '../../revocation/revocation-desk.ts';
import { answer, answerJson } from '../answer.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { parseInput } from '../input.ts';
import { adminActorOf } from './require-role.ts';

/** `GET /admin/v1/revocations`: as stored, hence up to 3 MB of them. */
export function listRevocationsRoute({ list }: Pick<RevocationDesk, 'list'>): RequestHandler {
  return async (_req, res) => {
    answerJson(res, await orUnavailable(list(), 'The revocations cannot be read now'));
  };
}

/** `PUT /admin/v1/revocations` */
export function revokeRoute({ revoke }: Pick<RevocationDesk, 'revoke'>): RequestHandler {
  return async (req, res) => {
    const wish = parseInput(revokeRequestSchema, req.body);
    answerJson(res, await orUnavailable(revoke(wish, adminActorOf(res)), whyUnchanged));
  };
}

/** `POST /admin/v1/revocations/lift`: a subject is no part of a path, since proxies change what they find there and log it. */
export function liftRoute({ lift }: Pick<RevocationDesk, 'lift'>): RequestHandler {
  return async (req, res) => {
    const { subject } = parseInput(liftRequestSchema, req.body);
    await orUnavailable(lift(subject, adminActorOf(res)), whyUnchanged);
    answer(res, { status: 204 });
  };
}

function whyUnchanged({ code, fault, message }: RegistryError): string {
  if (fault === 'no_permission') {
    return 'The revocations cannot be changed: the router’s user of Redis may only read them (npm run redis-acl -- --router --revokes), turnctl can';
  }
  return code === 'refused' ? `The revocations cannot be changed: ${message}` : 'The revocations cannot be changed now';
}
