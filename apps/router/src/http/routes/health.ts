import type { FleetSourceStatus } from '@turn-router/registry';
import { z } from 'zod';
import { trustLevels, type TrustLevel } from '../../observe/trust-level.ts';
import { answerJson } from '../answer.ts';
import { json } from '../openapi/operation.ts';
import type { PublicRoute } from '../public-route.ts';

/** Why the router cannot serve callers. */
export const notReadyReasons = [
  'stopping',
  'nodes_unknown',
  'authentication_unknown',
  'revocations_incomplete',
] as const;

export type NotReadyReason = (typeof notReadyReasons)[number];

/** The body of `GET /readyz`. */
export type Readiness = {
  readonly ready: boolean;
  /** Empty if the router is ready. */
  readonly reasons: readonly NotReadyReason[];
  /** Trust level of the registry data that decisions use. */
  readonly trust: TrustLevel;
  readonly registries: readonly FleetSourceStatus[];
  readonly healthyNodes: number;
  readonly mismatchedSecrets: number;
  readonly stopping: boolean;
};

export type ReadyzParts = { readonly readiness: () => Readiness };

const livezSchema = z.object({ live: z.literal(true) });
const readyzSchema = z.object({
  ready: z.boolean(),
  reasons: z.array(z.enum(notReadyReasons)).meta({
    description:
      'Why the router is not ready. `stopping`: the router stops. `nodes_unknown`: it has read no registry yet. `authentication_unknown`: no method in AUTH can be used yet. `revocations_incomplete`: revocations may be missing.',
  }),
  trust: z.enum(trustLevels).meta({
    description:
      'Trust level of the registry data. `fresh`: every registry was just read. `last_known`: a registry is unreachable, and its last good snapshot is used. `static`: the static nodes of the policy are used. `none`: no nodes.',
  }),
  registries: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['starting', 'fresh', 'lost']),
      fault: z.string().optional().meta({ description: 'Reason why the last read failed.' }),
      nodes: z.int(),
      keptNodes: z
        .int()
        .meta({ description: 'Number of nodes that disappeared from this registry and are still used.' }),
      ageMs: z.number().optional().meta({ description: 'Time since the last successful read.' }),
    }),
  ),
  healthyNodes: z.int(),
  mismatchedSecrets: z.int().meta({
    description:
      'Number of nodes that have another secret than this router under the same key id. If another key signs for such a node, it still gets calls.',
  }),
  stopping: z.boolean(),
});

/** Finds the reasons in a state of the router. */
export function findNotReadyReasons(state: Readonly<Record<NotReadyReason, boolean>>): NotReadyReason[] {
  return notReadyReasons.filter((reason) => state[reason]);
}

/** Responds if the process runs. It checks nothing else. */
export const livezRoute: PublicRoute<unknown> = {
  method: 'get',
  path: '/livez',
  access: 'open',
  operation: {
    summary: 'Check whether the process runs',
    answers: { 200: { description: 'The process runs', content: json(livezSchema) } },
  },
  createHandler: () => (_req, res) => {
    answerJson(res, { live: true });
  },
};

/** Responds with 200 if callers can be served. Responds with 503 before that, and while the router stops. */
export const readyzRoute: PublicRoute<ReadyzParts> = {
  method: 'get',
  path: '/readyz',
  access: 'open',
  operation: {
    summary: 'Check whether callers can be served',
    answers: {
      200: { description: 'Callers can be served', content: json(readyzSchema) },
      503: { description: 'Not ready yet, or stopping', content: json(readyzSchema) },
    },
  },
  createHandler:
    ({ readiness }) =>
    (_req, res) => {
      const state = readiness();
      answerJson(res, state, state.ready ? 200 : 503);
    },
};
